import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { listens, StackError } from '../stack/work.ts'
import type { Part } from './processes.ts'

const SERVICES = { user: 8005, friend: 8003, chat: 8002, notification: 8004, ai: 8006, analytics: 8007 } as const
type Service = keyof typeof SERVICES

/** @throws StackError */
function portFrom(name: string, usual: number): number {
  const text = process.env[name]?.trim() ?? ''
  const port = text === '' ? usual : Number(text)
  // The others have to be told where it is before it has one.
  if (!Number.isSafeInteger(port) || port < 1 || port > 65_535 - INTERNAL - 9 * NEXT)
    throw new StackError(
      `${name} is ${JSON.stringify(text)}; expected a port from 1 to ${65_535 - INTERNAL - 9 * NEXT}`,
    )
  return port
}

const firstPort = (service: Service): number => portFrom(`${service.toUpperCase()}_SERVICE_PORT`, SERVICES[service])

/** The n-th process of a service is so many ports above the first, and its internal port 1,000 above the public one. */
const NEXT = 10
const INTERNAL = 1_000

const portsOf = (service: Service, copies: number): number[] =>
  Array.from({ length: copies }, (_, n) => firstPort(service) + NEXT * n)

const at = (port: number): string => `http://127.0.0.1:${port}`

export type Layout = Readonly<{
  /** Services first, then the gateway. */
  parts: readonly Part[]
  gateway: string
  /** One of each, for the demo data. */
  services: Readonly<Record<Service, string>>
}>

/**
 * Which processes there are, where, and with what settings.
 * @param folder for data, logs and secrets
 * @param engines settings of the engines
 */
export function layOut(folder: string, engines: Readonly<Record<string, string>>, copies: number): Layout {
  const names = Object.keys(SERVICES) as Service[]
  const addresses = Object.fromEntries(
    names.flatMap((service) => [
      [`${service.toUpperCase()}_SERVICE_URLS`, portsOf(service, copies).map(at).join(',')],
      [
        `${service.toUpperCase()}_SERVICE_INTERNAL_URLS`,
        portsOf(service, copies)
          .map((port) => at(port + INTERNAL))
          .join(','),
      ],
    ]),
  )
  mkdirSync(join(folder, 'logs'), { recursive: true, mode: 0o700 })
  const gatewayPort = String(portFrom('GATEWAY_PORT', 8080))
  const gateway = `http://127.0.0.1:${gatewayPort}`
  const common = {
    PROFILE: 'distributed',
    KAFKA_REPLICATION: '1',
    KAFKA_MIN_INSYNC_REPLICAS: '1',
    PUBLIC_URL: gateway,
    ...engines,
    ...secrets(join(folder, 'secrets.json')),
    ...addresses,
  }
  const part = (name: string, env: Record<string, string>): Part => {
    const logFile = join(folder, 'logs', `${name}.log`)
    const data = join(folder, name)
    return { name, logFile, env: { ...common, ...env, NODE_ID: name, LOG_FILE: logFile, DATA_DIR: data } }
  }
  const services = names.flatMap((service) =>
    portsOf(service, copies).map((port, n) =>
      part(`${service}-${n + 1}`, {
        ROLES: service,
        [`${service.toUpperCase()}_SERVICE_PORT`]: String(port),
        [`${service.toUpperCase()}_SERVICE_INTERNAL_PORT`]: String(port + INTERNAL),
      }),
    ),
  )
  return {
    parts: [...services, part('gateway', { ROLES: 'gateway', GATEWAY_PORT: gatewayPort })],
    gateway,
    services: Object.fromEntries(names.map((service) => [service, at(firstPort(service))])) as Layout['services'],
  }
}

/** Before anything is started: a port that is taken would be found out only after the servers. @throws StackError */
export async function requireFreePorts(copies: number): Promise<void> {
  const services = (Object.keys(SERVICES) as Service[]).flatMap((service) =>
    portsOf(service, copies).flatMap((port) => [
      { port, what: `${service}-service`, setting: `${service.toUpperCase()}_SERVICE_PORT` },
      { port: port + INTERNAL, what: `${service}-service`, setting: `${service.toUpperCase()}_SERVICE_PORT` },
    ]),
  )
  const gateway = { port: portFrom('GATEWAY_PORT', 8080), what: 'the gateway', setting: 'GATEWAY_PORT' }
  for (const { port, what, setting } of [gateway, ...services])
    if (await listens(port))
      throw new StackError(
        `${what} cannot have port ${port}: another program listens there (is this running already? ${setting} chooses another one)`,
      )
}

/**
 * Made once: tokens and keys of before must go on to be read. What belongs to them on the servers has a name of its own: another folder, or one
 * that was deleted, begins anew.
 */
function secrets(file: string): Record<string, string> {
  if (!existsSync(file)) {
    const made = {
      INSTALLATION: `dev${randomBytes(4).toString('hex')}`,
      SERVICE_SECRET: randomBytes(32).toString('hex'),
      SIGNING_KEY_SECRET: randomBytes(32).toString('hex'),
    }
    writeFileSync(file, JSON.stringify(made), { mode: 0o600 })
  }
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>
}
