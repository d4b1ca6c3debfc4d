import { lookup } from 'node:dns/promises'
import { connect, createServer } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Settings } from '../config.ts'
import { portOf, rolesOf } from '../engine-settings.ts'
import { addressOf, reachable } from '../addresses.ts'
import { SERVICE_ROLES } from '../roles.ts'
import { certificateOfFiles } from '../tls/files.ts'
import { isLocal } from '../tls/exposure.ts'
import { hasTls, httpPortOf } from '../tls/tls-settings.ts'
import { messageOf, type Finding } from './finding.ts'

const TIMEOUT_MS = 3_000
const DAY_MS = 86_400_000
const FEW_DAYS = 14

export async function lookAtNetwork(settings: Settings): Promise<Finding[]> {
  const found = await Promise.all([
    ...portsOf(settings).map(([variable, host, port]) => lookAtPort(variable, host, port)),
    ...tlsPortsOf(settings).map(([variable, host, port]) => lookAtPort(variable, host, port, gatewayOf(settings))),
    publicAddress(settings),
    ...enginesOf(settings).map(([name, host, port]) => lookAtEngine(name, host, port)),
  ])
  return [...found.flat(), ...certificateFiles(settings), ...exposure(settings)]
}

type Port = readonly [variable: string, host: string, port: number]

function portsOf(settings: Settings): Port[] {
  const roles = rolesOf(settings)
  const services = SERVICE_ROLES.filter((role) => settings.PROFILE === 'embedded' || roles.has(role))
  return [
    ['GATEWAY_PORT', settings.HOST, settings.GATEWAY_PORT],
    ...services.map((role): Port => [portOf(role), settings.SERVICE_HOST, settings[portOf(role)]]),
  ]
}

function tlsPortsOf(settings: Settings): Port[] {
  if (!hasTls(settings)) return []
  const { HTTPS_HOST, HTTPS_PORT } = settings
  const redirect = httpPortOf(settings)
  return [['HTTPS_PORT', HTTPS_HOST, HTTPS_PORT], ...(redirect ? [['HTTP_PORT', HTTPS_HOST, redirect] as const] : [])]
}

/** Its port without TLS, where it says who it is. */
const gatewayOf = ({ HOST, GATEWAY_PORT }: Settings) => [HOST, GATEWAY_PORT] as const

/** @param self where the program that has the port says who it is, if not there */
async function lookAtPort(about: string, host: string, port: number, self = [host, port] as const): Promise<Finding> {
  if (port === 0) return { level: 'ok', about, says: 'any free one' }
  const problem = await bindProblem(host, port)
  if (problem === undefined) return { level: 'ok', about, says: `${port} is free` }
  if (problem === 'EADDRINUSE') {
    const ours = await serviceAt(...self)
    if (ours) return { level: 'ok', about, says: `${port}: ${ours} runs` }
    return { level: 'bad', about, says: `${port} is taken by another program`, todo: `end it, or set ${about}` }
  }
  if (problem === 'EACCES')
    return { level: 'bad', about, says: `${port} may not be used by this user`, todo: `set ${about} to one above 1023` }
  return {
    level: 'bad',
    about,
    says: `${host}:${port}: ${problem}`,
    todo: 'set HOST or SERVICE_HOST to an address of this machine',
  }
}

/** TLS_CERT and TLS_KEY. What DOMAIN brings is looked at from outside, under its name. */
function certificateFiles({ TLS_CERT, TLS_KEY }: Settings): Finding[] {
  if (TLS_CERT === undefined || TLS_KEY === undefined) return []
  try {
    return [ageOf(certificateOfFiles({ TLS_CERT, TLS_KEY }).notAfter, 'TLS_CERT')]
  } catch (error) {
    return [
      { level: 'bad', about: 'TLS_CERT', says: messageOf(error), todo: 'put a certificate and its key there (PEM)' },
    ]
  }
}

function ageOf(notAfter: number, about: string): Finding {
  const days = Math.floor((notAfter - Date.now()) / DAY_MS)
  const says = days >= 0 ? `is good for ${days} days` : 'has ended'
  if (days > FEW_DAYS) return { level: 'ok', about, says }
  return { level: days >= 0 ? 'warn' : 'bad', about, says, todo: 'renew it' }
}

const bindProblem = (host: string, port: number): Promise<string | undefined> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    server.listen({ host, port }, () => server.close(() => resolve(undefined)))
  })

/** The name of ours that answers there, and what it lacks. */
async function serviceAt(host: string, port: number): Promise<string | undefined> {
  const url = addressOf(reachable(host), port)
  try {
    const answer = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(TIMEOUT_MS) })
    const { service, checks } = (await answer.json()) as {
      service?: string
      checks?: Record<string, { status: string }>
    }
    if (service === undefined || checks === undefined) return undefined
    const missing = Object.entries(checks).flatMap(([name, { status }]) => (status === 'down' ? [name] : []))
    return missing.length === 0 ? service : `${service}, without ${missing.join(', ')},`
  } catch {
    return undefined
  }
}

async function publicAddress({ PUBLIC_URL, HOST }: Settings): Promise<Finding[]> {
  const about = 'PUBLIC_URL'
  if (PUBLIC_URL === undefined) {
    const isOpen = HOST !== '127.0.0.1' && HOST !== 'localhost'
    return isOpen ? [{ level: 'note', about, says: 'is not set; links in mails name the address of this machine' }] : []
  }
  const { hostname, protocol, port } = new URL(PUBLIC_URL)
  try {
    const { address } = await lookup(hostname)
    const resolved: Finding = { level: 'ok', about, says: `${hostname} is ${address}` }
    return protocol === 'https:' ? [resolved, await certificate(hostname, Number(port || 443))] : [resolved]
  } catch (error) {
    return [
      {
        level: 'bad',
        about,
        says: `${hostname}: ${messageOf(error)}`,
        todo: 'give the name an address (DNS), or set PUBLIC_URL',
      },
    ]
  }
}

const certificate = (host: string, port: number): Promise<Finding> =>
  new Promise((resolve) => {
    const about = 'certificate'
    const end = (finding: Finding) => {
      socket.destroy()
      resolve(finding)
    }
    const socket = connectTls({ host, port, servername: host, timeout: TIMEOUT_MS }, () => {
      end(ageOf(Date.parse(socket.getPeerCertificate().valid_to), about))
    })
    socket.once('error', (error) =>
      end({ level: 'bad', about, says: messageOf(error), todo: `whoever opens https://${host} is warned` }),
    )
    socket.once('timeout', () =>
      end({ level: 'warn', about, says: `${host}:${port} does not answer`, todo: 'is the proxy before it up?' }),
    )
  })

function exposure(settings: Settings): Finding[] {
  const { HOST, SERVICE_HOST, PUBLIC_URL, TRUST_PROXY } = settings
  const findings: Finding[] = []
  if (!isLocal(HOST) && (hasTls(settings) || !PUBLIC_URL?.startsWith('https:')))
    findings.push({
      level: 'warn',
      about: 'HOST',
      says: `${HOST}: passwords and messages pass the network unencrypted`,
      todo: hasTls(settings)
        ? 'leave HOST unset: HTTPS has an address of its own (HTTPS_HOST)'
        : 'set DOMAIN or TLS_CERT (docs/https.md), or put a proxy with TLS before it and set PUBLIC_URL=https://…',
    })
  if (!isLocal(SERVICE_HOST))
    findings.push({
      level: 'warn',
      about: 'SERVICE_HOST',
      says: `${SERVICE_HOST}: the services are reached past the gateway`,
      todo: 'let a firewall keep others from them',
    })
  if (PUBLIC_URL?.startsWith('https:') && isLocal(HOST) && !TRUST_PROXY && !hasTls(settings))
    findings.push({
      level: 'warn',
      about: 'TRUST_PROXY',
      says: 'is not set: behind a proxy all people have one address, and share its limits',
      todo: 'TRUST_PROXY=true',
    })
  return findings
}

type Engine = readonly [name: string, host: string, port: number]

function enginesOf(settings: Settings): Engine[] {
  const at = (name: string, text: string | undefined, defaultPort: number): Engine[] =>
    (text ?? '').split(',').flatMap((each): Engine[] => {
      const one = each.trim()
      if (one === '') return []
      const url = URL.parse(one.includes('://') ? one : `tcp://${one}`)
      return url ? [[name, url.hostname.replace(/^\[|\]$/g, ''), Number(url.port || defaultPort)]] : []
    })
  const mail = at('SMTP_URL', settings.SMTP_URL, settings.SMTP_URL?.startsWith('smtps:') ? 465 : 587)
  if (settings.PROFILE === 'embedded') return mail
  return [
    ...at('MYSQL_URL', settings.MYSQL_URL, 3306),
    ...at('READ_REPLICA_URL', settings.READ_REPLICA_URL, 3306),
    ...at('REDIS_URL', settings.REDIS_URL, 6379),
    ...at('KAFKA_BROKERS', settings.KAFKA_BROKERS.join(), 9092),
    ...at('S3_ENDPOINT', settings.S3_ENDPOINT, settings.S3_ENDPOINT?.startsWith('https:') ? 443 : 80),
    ...(settings.MESSAGE_STORE === 'mongodb' ? at('MONGODB_URL', settings.MONGODB_URL, 27017) : []),
    ...mail,
  ]
}

/** Whether somebody listens there; who that is, and whether they let us in, /ready of the processes says. */
const lookAtEngine = (about: string, host: string, port: number): Promise<Finding> =>
  new Promise((resolve) => {
    const started = performance.now()
    const socket = connect({ host, port, timeout: TIMEOUT_MS })
    const end = (finding: Finding) => {
      socket.destroy()
      resolve(finding)
    }
    const todo = `is it up, and is ${about} right?`
    socket.once('connect', () =>
      end({ level: 'ok', about, says: `${host}:${port} answers after ${Math.round(performance.now() - started)} ms` }),
    )
    socket.once('timeout', () => end({ level: 'bad', about, says: `${host}:${port} does not answer`, todo }))
    socket.once('error', (error) => end({ level: 'bad', about, says: `${host}:${port}: ${messageOf(error)}`, todo }))
  })
