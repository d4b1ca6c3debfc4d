import { existsSync, globSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join, posix } from 'node:path'

/** Where a file stands in a service; `''` outside of services. */
export type Layer = 'contract' | 'domain' | 'features' | 'ports' | 'adapters' | 'module' | 'other' | ''

export type WorkspaceKind = 'package' | 'service' | 'app' | 'root'

export type Workspace = Readonly<{
  /** Package name; for folders without a package of their own (tests, bench, tools): the folder's name. */
  name: string
  /** Relative to the root, with forward slashes: `services/chat-service`. */
  dir: string
  kind: WorkspaceKind
  dependencies: ReadonlySet<string>
  devDependencies: ReadonlySet<string>
  exports: Readonly<Record<string, string>>
  imports: Readonly<Record<string, string>>
}>

export type SourceFile = Readonly<{ path: string; workspace: Workspace; layer: Layer; isTest: boolean }>

export type Target =
  | Readonly<{
      type: 'ours'
      workspace: Workspace
      path: string
      layer: Layer
      subpath: string
      relative: boolean
      isTest: boolean
    }>
  | Readonly<{ type: 'builtin' | 'npm'; name: string }>
  | Readonly<{ type: 'unknown' }>

const KINDS: readonly [string, WorkspaceKind][] = [
  ['packages', 'package'],
  ['services', 'service'],
  ['apps', 'app'],
]
const ROOT_FOLDERS = ['tests', 'bench', 'tools']

/** All workspaces under `root`, found by walking: a new service needs no entry anywhere. */
export function findWorkspaces(root: string): Workspace[] {
  const found = KINDS.flatMap(([folder, kind]) =>
    globSync(`${folder}/*/package.json`, { cwd: root }).map((file) =>
      readWorkspace(root, toPosix(dirname(file)), kind),
    ),
  )
  const rootPackage = readWorkspace(root, '.', 'root')
  const folders = ROOT_FOLDERS.filter((folder) => existsSync(join(root, folder)))
  return [...found, ...folders.map((folder) => ({ ...rootPackage, name: folder, dir: folder }))]
}

/** The TypeScript files and Vue components of a workspace; not those of dependencies, builds and fixtures. */
export function filesOf(root: string, workspace: Workspace): SourceFile[] {
  const skipped = new Set(['node_modules', 'dist', 'fixtures', 'data'])
  return globSync('**/*.{ts,mts,cts,vue}', {
    cwd: join(root, workspace.dir),
    exclude: (name) => skipped.has(posix.basename(toPosix(name))),
  })
    .map((file) => posix.join(workspace.dir, toPosix(file)))
    .filter((path) => !path.endsWith('.d.ts'))
    .sort()
    .map((path) => ({ path, workspace, layer: layerOf(workspace, path), isTest: isTest(workspace, path) }))
}

/** What a specifier in `file` points at. */
export function resolve(file: SourceFile, specifier: string, workspaces: readonly Workspace[]): Target {
  if (specifier.startsWith('.')) {
    const path = posix.join(posix.dirname(file.path), specifier)
    const workspace = workspaces.find(({ dir }) => path === dir || path.startsWith(`${dir}/`))
    if (!workspace) return { type: 'unknown' }
    return ours(workspace, path, '', true)
  }
  if (specifier.startsWith('#')) {
    const path = mapped(file.workspace.imports, specifier)
    return path ? ours(file.workspace, posix.join(file.workspace.dir, path), '', true) : { type: 'unknown' }
  }
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
  const workspace = workspaces.find((candidate) => candidate.kind !== 'root' && candidate.name === name)
  if (workspace) {
    const subpath = `.${specifier.slice(name.length)}`
    return ours(workspace, posix.join(workspace.dir, mapped(workspace.exports, subpath) ?? ''), subpath, false)
  }
  return isBuiltin(specifier) ? { type: 'builtin', name: specifier } : { type: 'npm', name }
}

function ours(workspace: Workspace, path: string, subpath: string, relative: boolean): Target {
  return {
    type: 'ours',
    workspace,
    path,
    layer: layerOf(workspace, path),
    subpath,
    relative,
    isTest: isTest(workspace, path),
  }
}

function layerOf(workspace: Workspace, path: string): Layer {
  if (workspace.kind !== 'service') return ''
  const inside = path.slice(workspace.dir.length + 1)
  const [, folder = ''] = /^src\/([^/]+)/.exec(inside) ?? []
  if (folder === 'migrations') return 'adapters'
  if (folder === 'contract' || folder === 'domain' || folder === 'features' || folder === 'adapters') return folder
  if (/^contract(\.ts)?$/.test(folder)) return 'contract'
  if (/^ports(\.ts)?$/.test(folder)) return 'ports'
  return /^(module|index)(\.ts)?$/.test(folder) ? 'module' : 'other'
}

/** Test code: never loaded by the program. `*.contract.ts` are the suites shared by adapters, `suites.ts` exports them. */
function isTest({ kind, name }: Workspace, path: string): boolean {
  if (kind === 'root') return name !== 'tools' || path.endsWith('.test.ts')
  const suite = path.endsWith('.contract.ts') && !path.includes('/contract/')
  return suite || /(\.(test|fixture|bench)|\/suites)\.ts$/.test(path)
}

type PackageJson = Partial<
  Record<'dependencies' | 'devDependencies' | 'optionalDependencies' | 'peerDependencies', Record<string, string>>
> & { name?: string; exports?: unknown; imports?: unknown }

function readWorkspace(root: string, dir: string, kind: WorkspaceKind): Workspace {
  const json = JSON.parse(readFileSync(join(root, dir, 'package.json'), 'utf8')) as PackageJson
  return {
    name: json.name ?? dir,
    dir,
    kind,
    dependencies: new Set([json.dependencies, json.optionalDependencies, json.peerDependencies].flatMap(keys)),
    devDependencies: new Set(keys(json.devDependencies)),
    exports: targets(json.exports),
    imports: targets(json.imports),
  }
}

const keys = (record: Record<string, string> | undefined): string[] => Object.keys(record ?? {})

/** Of conditional entries the first file counts. */
function targets(map: unknown): Record<string, string> {
  if (typeof map === 'string') return { '.': map }
  if (typeof map !== 'object' || map === null) return {}
  const first = (value: unknown): string =>
    typeof value === 'string' ? value : first(Object.values(value as Record<string, unknown>)[0])
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, first(value)]))
}

/** Looks a subpath up in `exports` or `imports`, with at most one `*`. */
function mapped(map: Readonly<Record<string, string>>, subpath: string): string | undefined {
  if (map[subpath]) return map[subpath]
  for (const [pattern, path] of Object.entries(map)) {
    const [before, after] = pattern.split('*')
    if (after === undefined || !subpath.startsWith(before!) || !subpath.endsWith(after)) continue
    return path.replace('*', subpath.slice(before!.length, subpath.length - after.length))
  }
  return undefined
}

const toPosix = (path: string): string => path.replaceAll('\\', '/')
