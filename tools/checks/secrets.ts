/**
 * Looks for secrets in what is, or would be, in git: `node tools/checks/secrets.ts`. It takes half a minute, so that .ci/run and the workflow
 * run it, and `npm test` only that it can find something.
 */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const inPath = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'detect-secrets'))
const PROGRAM = process.env['DETECT_SECRETS'] ?? inPath.find(existsSync)

export const noScanner: string | false = PROGRAM
  ? false
  : 'no detect-secrets (pip install -r tools/checks/requirements.txt; DETECT_SECRETS names it)'

/** Made up for tests and for measuring, which everybody may know; pictures and sounds. */
const PASSED_OVER = [
  String.raw`\.(test|fixture|contract)\.ts$|\.(webp|png|svg|flac|jsonl)$`,
  String.raw`^(tests|bench|tools/flow|tools/stack|packages/testkit|docs/api)/|^package-lock\.json$`,
].join('|')

/** Lines with what looks like a secret and is none: checksums, the passwords of examples, of the demo and of the test stack, names of fields. */
const KNOWN = [
  String.raw`[sS][hH][aA]256|whisper-base-part\d`,
  String.raw`Test1234!@|Demo1234!|test-only`,
  String.raw`user:password@`,
  // The trace id of the examples of W3C Trace Context.
  String.raw`4bf92f3577b34da6a3ce929d0e0e4736`,
  String.raw`secretName: chat-tls|'password' \| 'new_password'`,
].join('|')

type Found = Readonly<Record<string, readonly Readonly<{ type: string; line_number: number }>[]>>

/** @returns a line for each that is found, without it */
export function scan(folder: string, ...more: string[]): string[] {
  // Verifying would show what is found to whoever it seems to be of.
  const args = ['scan', '--no-verify', '--exclude-files', PASSED_OVER, '--exclude-lines', KNOWN, ...more]
  const told = execFileSync(PROGRAM!, args, { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1_024 ** 2 })
  const { results } = JSON.parse(told) as { results: Found }
  return Object.entries(results).flatMap(([file, some]) => some.map((one) => `${file}:${one.line_number}  ${one.type}`))
}

if (import.meta.main) {
  const lines = noScanner ? [] : scan(join(import.meta.dirname, '../..'))
  for (const line of lines) console.log(line)
  console.log(noScanner ? `skipped: secrets: ${noScanner}` : `secrets: ${lines.length === 0 ? 'none' : lines.length}`)
  if (lines.length > 0) process.exitCode = 1
}
