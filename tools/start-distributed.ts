/**
 * `npm run start:distributed -- [--copies N]`: real servers (npm run stack), each service as processes of its own, and the gateway. Ctrl-C
 * ends all that this started.
 */
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { callServicesAt, seedDemoData } from '@bigtech/server/demo'
import { nullLogger } from '@bigtech/telemetry'
import { layOut, requireFreePorts, type Layout } from './distributed/layout.ts'
import { startPart, type Running } from './distributed/processes.ts'
import { pick, runs, startServers } from './stack/choose.ts'
import { folder as stackFolder, StackError } from './stack/work.ts'

const ENGINES = ['mariadb', 'redis', 'kafka', 's3']
const HELP = `npm run start:distributed -- [--copies N]   N processes of each service, default 1

In the environment: GATEWAY_PORT, USER_SERVICE_PORT, FRIEND_SERVICE_PORT, CHAT_SERVICE_PORT, NOTIFICATION_SERVICE_PORT, AI_SERVICE_PORT, ANALYTICS_SERVICE_PORT (their internal ports are 1000 above,
each further process 10), STACK_PORT_OFFSET for the servers, DATA_DIR, DEMO_DATA=false`

const stops: (() => Promise<void>)[] = []
let stopping: Promise<void> | undefined
const stop = (code: number) =>
  (stopping ??= (async () => {
    for (const one of stops.toReversed()) await one().catch((error: unknown) => console.error(error))
    process.exit(code)
  })())

process.on('SIGINT', () => {
  if (!stopping) console.log('\nstopping')
  void stop(0)
})
process.on('SIGTERM', () => void stop(0))

try {
  await main()
} catch (error) {
  const expected = error instanceof StackError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS')
  console.error(expected || stopping ? (error as Error).message : error)
  await stop(1)
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { copies: { type: 'string', default: '1' }, help: { type: 'boolean' } } })
  if (values.help) {
    console.log(HELP)
    process.exit(0)
  }
  const copies = Number(values.copies)
  if (!Number.isSafeInteger(copies) || copies < 1 || copies > 9)
    throw new StackError(`--copies is ${JSON.stringify(values.copies)}; expected a number from 1 to 9`)

  await requireFreePorts(copies)
  const engines = pick(ENGINES)
  const begun = engines.filter((server) => !runs(server))
  stackFolder()
  stops.push(async () => {
    for (const server of begun.toReversed()) await server.stop()
  })
  await startServers(engines)

  const folder = resolve(process.env['DATA_DIR'] ?? './data', 'distributed')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const settings = Object.assign({}, ...engines.map((server) => server.settings)) as Record<string, string>
  const layout = layOut(folder, settings, copies)
  await startParts(layout)
  const login = await demo(layout, folder)
  console.log(table(layout, folder, login))
}

/** The gateway last and ended first: what it lets in finds its services. */
async function startParts({ parts }: Layout): Promise<void> {
  const running: Running[] = []
  stops.push(async () => {
    const [gateway, ...services] = running.toReversed()
    await gateway?.stop()
    await Promise.all(services.map((service) => service.stop()))
  })
  for (const part of parts)
    running.push(startPart(part, (how) => console.error(`${part.name} ended with ${how}; it is started again`)))
  await Promise.all(running.map(({ ready }) => ready))
}

async function demo({ services }: Layout, folder: string): Promise<string> {
  if (process.env['DEMO_DATA'] === 'false') return 'No demo data (DEMO_DATA=false).'
  const login = await seedDemoData(
    callServicesAt(services),
    { NODE_ENV: 'development', DATA_DIR: folder },
    nullLogger,
    new AbortController().signal,
  )
  return `Sign in to the demo: ${login.email} / ${login.password}   (${login.people} people, see README)`
}

function table({ parts, gateway }: Layout, folder: string, login: string): string {
  const width = Math.max(...parts.map(({ name }) => name.length))
  const rows = parts.map(({ name, env }) => {
    const port = Object.entries(env).find(([key]) => /^(USER|FRIEND|CHAT)_SERVICE_PORT$/.test(key))?.[1]
    return `  ${name.padEnd(width)}   ${port ? `http://127.0.0.1:${port}/docs` : `${gateway}/docs`}`
  })
  const logs = join(folder, 'logs')
  return [
    '',
    `  BigTech Chat   ${gateway}/`,
    ...rows,
    '',
    `  ${login}`,
    `  Logs: ${logs}`,
    '  Stop with Ctrl-C.',
    '',
  ].join('\n')
}
