import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../stack/work.ts'
import { filesOf, rootfs } from './layout.ts'

const root = join(import.meta.dirname, '../..')

type Component = {
  'bom-ref': string
  type: string
  name: string
  version: string
  purl: string
  licenses?: unknown[]
}
export type Bom = {
  bomFormat: string
  specVersion: string
  metadata: { component: Component }
  components: Component[]
  dependencies: { ref: string; dependsOn?: string[] }[]
}

/** What is in the image that was built, as CycloneDX: packages of npm by the lock file, Node, and packages of Debian. */
export function sbom(): Bom {
  // Without its look at peers, which ends it for one that this tree has had reasons to pass over.
  const options = ['--package-lock-only', '--legacy-peer-deps']
  const bom = JSON.parse(run('npm', ['sbom', '--sbom-format=cyclonedx', ...options], { cwd: root })) as Bom
  // The lock file is of all platforms, and of development; --omit=dev would also omit what the root has for its tests and services need.
  const present = inImage()
  const packages = bom.components.filter((component) => present.has(component['bom-ref']))
  const refs = new Set([bom.metadata.component, ...packages].map((component) => component['bom-ref']))
  return {
    ...bom,
    // npm takes the name of the folder.
    metadata: { ...bom.metadata, component: { ...bom.metadata.component, type: 'container', name: 'bigtech-chat' } },
    components: [...packages, nodeItself(), ...debianPackages()],
    dependencies: bom.dependencies
      .filter(({ ref }) => refs.has(ref))
      .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((other) => refs.has(other)) })),
  }
}

/** Packages of the image as npm refers to them: name@version. */
export function inImage(): ReadonlySet<string> {
  const found = new Set<string>()
  for (const path of filesOf(join(rootfs(), 'app')))
    if (path.endsWith('/package.json')) {
      const { name, version } = JSON.parse(readFileSync(path, 'utf8')) as { name?: string; version?: string }
      if (name && version) found.add(`${name}@${version}`)
    }
  return found
}

function nodeItself(): Component {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version: string }>
  }
  const name = `node-linux-${process.arch}`
  const { version } = lock.packages[`node_modules/${name}`]!
  const purl = `pkg:npm/${name}@${version}`
  return { 'bom-ref': purl, type: 'application', name: 'node', version, purl, licenses: [{ license: { id: 'MIT' } }] }
}

function debianPackages(): Component[] {
  const folder = join(rootfs(), 'var/lib/dpkg/status.d')
  return readdirSync(folder).map((name) => {
    const control = readFileSync(join(folder, name), 'utf8')
    const field = (of: string) => new RegExp(`^${of}: (.*)$`, 'm').exec(control)![1]!
    const version = field('Version')
    const purl = `pkg:deb/debian/${name}@${encodeURIComponent(version)}?arch=${field('Architecture')}&distro=bookworm`
    return { 'bom-ref': purl, type: 'library', name, version, purl }
  })
}
