import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const HOW = 'pip install -r tools/kubernetes/requirements.txt'

/** A variable names it; else it is looked for in PATH. */
function find(variable: string, name: string): string | undefined {
  const named = process.env[variable]
  if (named) return named
  const candidates = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name))
  return candidates.find(existsSync)
}

export const KUBECTL = find('KUBECTL', 'kubectl')
export const KUBERNETES_VALIDATE = find('KUBERNETES_VALIDATE', 'kubernetes-validate')

export const noKubectl: string | false = KUBECTL ? false : `no kubectl (${HOW}; KUBECTL names it)`
export const noSchemas: string | false =
  noKubectl || (KUBERNETES_VALIDATE ? false : `no kubernetes-validate (${HOW}; KUBERNETES_VALIDATE names it)`)

export const OVERLAYS = ['dev', 'prod'] as const
export type Overlay = (typeof OVERLAYS)[number]

export const MANIFESTS = join(import.meta.dirname, '../../k8s/manifests')

/** What kustomize makes of a folder, as YAML. */
export const kustomize = (folder: string): string =>
  execFileSync(KUBECTL!, ['kustomize', folder], { encoding: 'utf8', stdio: 'pipe' })

export const build = (overlay: Overlay): string => kustomize(join(MANIFESTS, 'overlays', overlay))
