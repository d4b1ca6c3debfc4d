import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

export const FOLDER = join(import.meta.dirname, '../../infrastructure/docker')

export type ComposeService = Readonly<{
  image: string
  build?: object
  pull_policy?: string
  env_file?: readonly object[]
  logging?: Readonly<{ driver: string; options: Readonly<Record<string, string>> }>
  container_name?: string
  profiles?: string[]
  environment?: Record<string, string | number>
  ports?: string[]
  volumes?: string[]
  networks: string[] | Record<string, { aliases?: string[] }>
  depends_on?: Record<string, { condition: string; required?: boolean }>
  secrets?: { source: string; target: string }[]
  healthcheck?: { test: string[] }
  read_only?: boolean
  cap_drop?: string[]
}>

export type ComposeFile = Readonly<{
  services: Record<string, ComposeService>
  networks: Record<string, object>
  volumes: Record<string, object>
  secrets: Record<string, { environment?: string; file?: string }>
}>

export const readCompose = (name: string): ComposeFile =>
  parse(readFileSync(join(FOLDER, name), 'utf8'), { merge: true }) as ComposeFile

/** Names by which others in its networks reach a service. */
export function namesOf(name: string, { networks }: ComposeService): string[] {
  const aliases = Array.isArray(networks) ? [] : Object.values(networks).flatMap((network) => network.aliases ?? [])
  return [name, ...aliases]
}

export const networksOf = ({ networks }: ComposeService): string[] =>
  Array.isArray(networks) ? networks : Object.keys(networks)
