import { existsSync, lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { folder, place, run } from '../stack/work.ts'

/** An OCI image layout (opencontainers/image-spec): files named by what is in them, and an index of them. */
type Described = { digest: string; size: number }
type Manifest = { config: Described; layers: Described[] }
export type ImageConfig = Readonly<{
  User: string
  WorkingDir: string
  Env: string[]
  Entrypoint: string[]
  Cmd: string[]
  Labels: Record<string, string>
  Volumes: Record<string, unknown>
  ExposedPorts: Record<string, unknown>
}>

const blob = (layout: string, { digest }: Described) => place('image', layout, 'blobs', digest.replace(':', '/'))
const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'))

function manifestOf(layout: string): Manifest {
  const index = readJson(place('image', layout, 'index.json')) as { manifests: Described[] }
  return readJson(blob(layout, index.manifests[0]!)) as Manifest
}

export const imageConfig = (): ImageConfig =>
  (readJson(blob('oci', manifestOf('oci').config)) as { config: ImageConfig }).config

export const rootfs = (): string => place('image', 'rootfs')

/** Every layer over the one before. They only add files: what is not wanted was never copied. */
export function unpack(): void {
  rmSync(rootfs(), { recursive: true, force: true })
  folder('image', 'rootfs')
  for (const layer of manifestOf('oci').layers)
    run('tar', [
      '--extract',
      '--gzip',
      '--numeric-owner',
      '--same-permissions',
      '--file',
      blob('oci', layer),
      '--directory',
      rootfs(),
    ])
}

export type Sizes = Readonly<{ unpacked: number; gzip: number; zstd: number; parts: Readonly<Record<string, number>> }>

/** Every file and link of the image, `/` between the parts of a path. */
export const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))

const bytesOf = (...parts: string[]): number =>
  parts
    .map((part) => join(rootfs(), part))
    .filter((path) => existsSync(path))
    .flatMap((path) => (lstatSync(path).isDirectory() ? filesOf(path) : [path]))
    .map((path) => lstatSync(path))
    .reduce((sum, stat) => sum + (stat.isFile() ? stat.size : 0), 0)

/** Bytes: of the files, and of the layers as a registry keeps and sends them, by how they were compressed. */
export function sizes(): Sizes {
  const packed = (layout: string) => manifestOf(layout).layers.reduce((sum, { size }) => sum + size, 0)
  const of = (...packages: string[]) => bytesOf(...packages.map((name) => `app/node_modules/${name}`))
  const named = { DuckDB: of('@duckdb'), Whisper: of('@napi-rs'), sharp: of('@img', 'sharp') }
  return {
    unpacked: bytesOf('.'),
    gzip: packed('oci'),
    zstd: packed('oci-zstd'),
    parts: {
      Node: bytesOf('usr/local/bin/node'),
      ...named,
      'other packages': of('.') - Object.values(named).reduce((sum, bytes) => sum + bytes),
      'web client': bytesOf('app/apps/web/dist'),
      'our code': bytesOf('app/apps/server', 'app/packages', 'app/services'),
      'compiled code': bytesOf('app/.compiled'),
      'libraries of the system': bytesOf('lib', 'lib64', 'usr/lib'),
    },
  }
}
