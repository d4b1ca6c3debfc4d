import { driverOf, isHttpRuntime, PURE_BUILTINS, STORAGE_PLUMBING } from './drivers.ts'
import type { FoundImport } from './scan.ts'
import type { Layer, SourceFile, Target, Workspace } from './workspaces.ts'

/** Why an import is wrong, and what to do instead. */
export type Finding = Readonly<{ rule: string; message: string }>

type Check = (file: SourceFile, found: FoundImport, target: Target) => Finding | undefined

/** An entry of a feature: the only files of it that know a transport. */
const ENTRY = /\.(http|ws|consumer)\.ts$/
const SCHEMA = /\.schema\.ts$/

/** Each rule of docs (DESIGN.md, "Import rules"). The first finding of an import is the one reported. */
export const CHECKS: readonly Check[] = [
  kernelAlone,
  withinWorkspace,
  noCrossService,
  packagesBelow,
  noTestCode,
  contractPure,
  domainPure,
  ownLayers,
  transports,
  drivers,
]

/** Rule 1: kernel imports nothing of ours, and no package. */
function kernelAlone(file: SourceFile, found: FoundImport, target: Target): Finding | undefined {
  if (file.workspace.name !== '@bigtech/kernel' || file.isTest) return undefined
  const foreign = (target.type === 'ours' && target.workspace !== file.workspace) || target.type === 'npm'
  if (!foreign) return undefined
  return { rule: 'kernel-alone', message: `kernel imports '${found.specifier}'; move what needs it to another package` }
}

/** A relative path stays in its workspace; tests, bench and tools count as one. */
function withinWorkspace(file: SourceFile, found: FoundImport, target: Target): Finding | undefined {
  if (target.type === 'unknown')
    return {
      rule: 'unresolved',
      message: `'${found.specifier}' points outside of every workspace; import a package by name`,
    }
  if (target.type !== 'ours' || !target.relative || target.workspace === file.workspace) return undefined
  if (target.workspace.kind === 'root' && file.workspace.kind === 'root') return undefined
  const { name } = target.workspace
  return { rule: 'relative-path', message: `'${found.specifier}' reaches into ${name}; import '${name}' by its name` }
}

/** Rule 5: of another service only its contract. */
function noCrossService(file: SourceFile, found: FoundImport, target: Target): Finding | undefined {
  if (file.workspace.kind !== 'service' || target.type !== 'ours' || target.workspace === file.workspace)
    return undefined
  if (target.workspace.kind === 'app')
    return {
      rule: 'cross-service',
      message: `a service imports the app '${found.specifier}'; pass what it needs as a port`,
    }
  if (target.workspace.kind !== 'service' || target.layer === 'contract') return undefined
  const message = `'${found.specifier}' is the inside of another service; use ${target.workspace.name}/contract, its events or a port over HTTP`
  return { rule: 'cross-service', message }
}

/** Packages know no service; the client knows contracts. Apps other than the server are clients. */
function packagesBelow(file: SourceFile, found: FoundImport, target: Target): Finding | undefined {
  if (target.type !== 'ours' || file.isTest) return undefined
  const { kind, name, dir } = file.workspace
  const above = target.workspace.kind === 'service' || target.workspace.kind === 'app'
  const readsContract = target.layer === 'contract'
  if (kind === 'package' && above && !(name === '@bigtech/client' && readsContract))
    return {
      rule: 'packages-below',
      message: `a package imports '${found.specifier}'; packages stand below services: turn it round`,
    }
  const isClient = kind === 'app' && dir !== 'apps/server' && target.workspace !== file.workspace
  if (!isClient || readsContract || ['@bigtech/client', '@bigtech/kernel'].includes(target.workspace.name))
    return undefined
  return {
    rule: 'packages-below',
    message: `${dir} is a client: it may import @bigtech/client and contracts, not '${found.specifier}'`,
  }
}

/** The program never loads test code. */
function noTestCode(file: SourceFile, found: FoundImport, target: Target): Finding | undefined {
  if (file.isTest || target.type !== 'ours' || file.workspace.kind === 'root') return undefined
  if (!target.isTest && (target.workspace.name !== '@bigtech/testkit' || file.workspace === target.workspace))
    return undefined
  return {
    rule: 'test-code',
    message: `'${found.specifier}' is for tests; import it from *.test.ts or *.contract.ts only`,
  }
}

/** Rule 1: a contract is data: kernel, the pure subpath of messaging, typebox. */
function contractPure(file: SourceFile, found: FoundImport, target: Target): Finding | undefined {
  if (file.isTest || file.layer !== 'contract') return undefined
  const allowed = ['@bigtech/kernel', '@bigtech/messaging/contract', '@bigtech/messaging/event-kind']
  const fine =
    (target.type === 'ours' && target.workspace === file.workspace && target.layer === 'contract') ||
    (target.type === 'ours' && allowed.includes(found.specifier)) ||
    (target.type === 'npm' && target.name === 'typebox')
  if (fine) return undefined
  return {
    rule: 'contract-pure',
    message: `a contract may import ${allowed.join(', ')}, typebox and its own files, not '${found.specifier}'`,
  }
}

/** Libraries of functions of their arguments alone. */
const PURE_LIBRARIES = ['es-hangul']

/** Rule 1: the domain decides; it does no I/O. */
function domainPure(file: SourceFile, found: FoundImport, target: Target): Finding | undefined {
  if (file.isTest || file.layer !== 'domain') return undefined
  const own = target.type === 'ours' && target.workspace === file.workspace
  const fine =
    (own && (target.layer === 'domain' || target.layer === 'contract')) ||
    (target.type === 'ours' && target.workspace.name === '@bigtech/kernel') ||
    (target.type === 'builtin' && PURE_BUILTINS.includes(target.name)) ||
    PURE_LIBRARIES.includes(found.specifier)
  if (fine) return undefined
  return {
    rule: 'domain-pure',
    message: `the domain may import kernel and its own contract, not '${found.specifier}'; take the value as an argument`,
  }
}

/** Who may import which folder of the own service (rules 2, 3, 4). Contract and domain have rules of their own. */
const ALLOWED: Readonly<Record<Layer, readonly Layer[]>> = {
  contract: [],
  domain: [],
  ports: ['ports', 'contract', 'domain', 'other'],
  features: ['features', 'ports', 'contract', 'domain', 'other'],
  other: ['other', 'ports', 'contract', 'domain'],
  adapters: ['adapters', 'ports', 'contract', 'domain', 'other'],
  module: ['module', 'features', 'ports', 'contract', 'domain', 'other'],
  '': [],
}

const HINTS: Readonly<Partial<Record<Layer, string>>> = {
  adapters: 'only apps/server builds adapters: take the port as an argument',
  features: 'move what both need to the domain or to ports.ts',
  module: 'module.ts puts the service together: nothing inside it may depend on it',
}

function ownLayers(file: SourceFile, found: FoundImport, target: Target): Finding | undefined {
  const { layer, workspace } = file
  if (file.isTest || workspace.kind !== 'service' || layer === 'contract' || layer === 'domain') return undefined
  if (target.type !== 'ours' || target.workspace !== workspace || ALLOWED[layer].includes(target.layer))
    return undefined
  const hint = HINTS[target.layer] ?? `move it to where ${layer} may look`
  return { rule: `${layer}-layer`, message: `${layer} imports '${found.specifier}' of ${target.layer}; ${hint}` }
}

/** Rule 2: in a service only the entries touch Fastify, @bigtech/http or messaging (module.ts wires them). */
function transports(file: SourceFile, found: FoundImport, target: Target): Finding | undefined {
  if (file.isTest || file.workspace.kind !== 'service' || target.type === 'unknown') return undefined
  const name = target.type === 'ours' ? target.workspace.name : target.name
  const pure = ['@bigtech/messaging/contract', '@bigtech/messaging/event-kind'].includes(found.specifier)
  const messaging = name === '@bigtech/messaging' && !pure && file.layer !== 'adapters' && file.layer !== 'ports'
  if ((!messaging && !isHttpRuntime(name)) || file.layer === 'module' || ENTRY.test(file.path)) return undefined
  if (name === '@bigtech/http' && SCHEMA.test(file.path)) return undefined
  // An adapter may implement a port that the package states (IdempotencyStore, say).
  if (name === '@bigtech/http' && found.typeOnly && ['adapters', 'ports'].includes(file.layer)) return undefined
  return {
    rule: 'transports',
    message: `'${found.specifier}' belongs in *.http.ts, *.ws.ts or *.consumer.ts; keep the use case free of the transport`,
  }
}

/** Rule 3: drivers in adapters and plumbing only, the heavy ones by import(). */
function drivers(file: SourceFile, found: FoundImport, target: Target): Finding | undefined {
  if (file.isTest || file.workspace.kind === 'root' || target.type === 'unknown') return undefined
  const inAdapters = file.layer === 'adapters'
  if (target.type === 'ours') {
    const storage = target.workspace.name === STORAGE_PLUMBING && file.workspace.kind === 'service' && !inAdapters
    if (!storage) return undefined
    return { rule: 'drivers', message: `'${found.specifier}' is for adapters; state what is needed in ports.ts` }
  }
  const driver = driverOf(target.name)
  if (!driver) return undefined
  if (!inAdapters && !driver.packages.includes(file.workspace.name))
    return {
      rule: 'drivers',
      message: `'${found.specifier}' is a driver; import it in adapters/ or a plumbing package (tools/imports/drivers.ts)`,
    }
  if (!driver.lazy || found.dynamic || found.typeOnly) return undefined
  return {
    rule: 'lazy-drivers',
    message: `'${found.specifier}' is loaded even where it is not used; write await import('${found.specifier}')`,
  }
}

/** Each package is declared where it is imported. Tests run in the whole repository and may use what any of it declares. */
export function undeclared(file: SourceFile, target: Target, workspaces: readonly Workspace[]): Finding | undefined {
  if (target.type === 'unknown' || target.type === 'builtin') return undefined
  if (target.type === 'ours' && (target.relative || target.workspace === file.workspace)) return undefined
  const name = target.type === 'ours' ? target.workspace.name : target.name
  const { workspace } = file
  const own = workspace.dependencies.has(name) || (file.isTest && workspace.devDependencies.has(name))
  // npm links every workspace at the root: its tools need not declare them.
  const ofRoot = workspace.kind === 'root' && (target.type === 'ours' || workspace.devDependencies.has(name))
  const root = workspaces.find(({ kind }) => kind === 'root')
  const anywhere = () =>
    target.type === 'ours' || root?.devDependencies.has(name) || workspaces.some((w) => w.dependencies.has(name))
  if (own || ofRoot || (file.isTest && anywhere())) return undefined
  return {
    rule: 'undeclared',
    message: `'${name}' is not in the dependencies of ${workspace.dir}/package.json; add it there`,
  }
}

/** Rule 4: the environment is read in one place. */
export function mayReadEnv(file: SourceFile): boolean {
  const { kind, name } = file.workspace
  return file.isTest || kind === 'app' || kind === 'root' || name === '@bigtech/testkit'
}
