/**
 * What a release needs to be right:
 *   node tools/release.ts check 1.2.3    every place that says the version says this one, and CHANGELOG.md tells of it
 *   node tools/release.ts notes 1.2.3    what CHANGELOG.md tells of it
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

type Read = (path: string) => string

/** Under the version's heading, without it. @returns undefined when the changelog has no such version, or nothing under it */
export function notesOf(changelog: string, version: string): string | undefined {
  const parts = changelog.split(/^## /m).slice(1)
  const part = parts.find((one) => one.startsWith(`[${version}] - `))
  const notes = part
    ?.slice(part.indexOf('\n'))
    .replace(/^\[[^\]]+\]: .*$/gm, '')
    .trim()
  return notes === '' ? undefined : notes
}

/** Where the version of the image is said. */
const PLACES = [
  { path: 'k8s/manifests/image/kustomization.yaml', pattern: /newTag: (\S+)/ },
  { path: 'infrastructure/docker/Dockerfile', pattern: /^ARG VERSION=(\S+)$/m },
  { path: 'infrastructure/docker/docker-compose.msa.yml', pattern: /image: bigtech-chat:(\S+)/ },
] as const

/** A line each. */
export function problemsOf(version: string, read: Read): string[] {
  if (!/^(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}$/.test(version)) return [`${version} is no version such as 1.2.3`]
  const { version: ofPackage } = JSON.parse(read('package.json')) as { version: string }
  return [
    ...(ofPackage === version ? [] : [`package.json is of version ${ofPackage}`]),
    ...PLACES.flatMap(({ path, pattern }) => {
      const said = pattern.exec(read(path))?.[1]
      return said === version ? [] : [`${path} says ${said}`]
    }),
    ...(notesOf(read('CHANGELOG.md'), version)
      ? []
      : [`CHANGELOG.md has no "## [${version}] - date" with something under it`]),
  ]
}

if (import.meta.main) {
  const [command, version = ''] = process.argv.slice(2)
  const read: Read = (path) => readFileSync(join(import.meta.dirname, '..', path), 'utf8')
  const problems = problemsOf(version, read)
  if (command === 'notes' && problems.length === 0) console.log(notesOf(read('CHANGELOG.md'), version))
  else if (command !== 'check' && command !== 'notes') problems.push('usage: node tools/release.ts check|notes 1.2.3')
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) process.exitCode = 1
}
