import { join } from 'node:path'
import { freePort, spawnProgram, type Cleanup, type Program } from '@bigtech/testkit'
import { distributedEnv, removeInstallation } from '../../support/distributed-server.ts'
import { MAIN, testEnv } from '../../support/index.ts'
import { pidOf } from '../../../tools/stack/work.ts'
import { createClusterStore } from '../run/cluster-store.ts'
import { startProxy, type Proxy } from './proxy.ts'
import { createAdministrator, HEARTBEAT_MS, type ServerHost, type Way } from './server.ts'

/** A process that is struck. */
type Struck = { name: string; program: Program | undefined; start(): Promise<void> }

/** A process of chat-service, and its ways to the engines and from the others. */
type Node = Struck & {
  ways: Readonly<Record<Exclude<Way, 'kafka'>, Proxy>>
  /** To its databases, where it has two: each is struck in turn. */
  databases: readonly Proxy[]
}

/** Which processes a sabotage is loaded in. */
const BROKEN: readonly string[] = ['chat', 'notification', 'analytics']

const isUp = (program: Program | undefined): program is Program => program !== undefined

/**
 * The distributed profile on real engines: a gateway, user- and friend-service, and some processes of chat-service, of notification- and of
 * analytics-service, which the faults strike one after the other. Each of chat-service has proxies of its own before MySQL, before Redis, and before its internal port. Kafka's clients go where its
 * brokers say, past any proxy: it is stopped as by a debugger.
 */
export async function createCluster(
  t: Cleanup,
  options: { nodes: number; notes: string; preloads: readonly string[]; env?: Record<string, string> },
): Promise<ServerHost> {
  const { notes } = options
  const env: Record<string, string> = {
    ...testEnv(join(notes, 'data')),
    ...distributedEnv(),
    LOG_LEVEL: 'warn',
    STREAM_HEARTBEAT: `${HEARTBEAT_MS}ms`,
    STREAM_BUFFER: '256KB',
    PUSH_TO_PRIVATE_NETWORKS: 'true',
    PUSH_CLOSES_PER_DAY: '1000000',
    ...options.env,
  }
  const ends: (() => unknown)[] = []
  t.after(async () => {
    for (const end of ends.toReversed()) await end()
    await removeInstallation(env['INSTALLATION']!)
  })
  const scope: Cleanup = { after: (end) => void ends.push(end) }
  const deaths: string[] = []
  const programs = new Set<Program>()
  process.once('exit', () => {
    for (const { pid } of programs) process.kill(pid, 'SIGKILL')
  })

  const at = (port: number) => `http://127.0.0.1:${port}`
  const portsOf = async () => ({ port: await freePort(), internal: await freePort() })
  const placed = {
    gateway: await portsOf(),
    user: await portsOf(),
    friend: await portsOf(),
    notification: await portsOf(),
    analytics: await portsOf(),
  }
  const chats = await Promise.all(Array.from({ length: options.nodes }, portsOf))
  for (const role of ['user', 'friend', 'notification', 'analytics'] as const) {
    env[`${role.toUpperCase()}_SERVICE_URLS`] = at(placed[role].port)
    env[`${role.toUpperCase()}_SERVICE_INTERNAL_URLS`] = at(placed[role].internal)
  }
  env['CHAT_SERVICE_URLS'] = chats.map(({ port }) => at(port)).join()
  env['CHAT_SERVICE_INTERNAL_URLS'] = chats.map(({ internal }) => at(internal)).join()

  await createAdministrator(scope, env)

  const startRole = async (name: string, role: keyof typeof placed | 'chat', more: Record<string, string>) => {
    const program = await spawnProgram(scope, {
      file: MAIN,
      env: { ...env, ROLES: role, NODE_ID: name, LOG_FILE: join(notes, `${name}.log`), ...more },
      ...(BROKEN.includes(role) ? { nodeOptions: options.preloads.flatMap((file) => ['--import', file]) } : {}),
      ready: /Ready after/,
      readyTimeoutMs: 60_000,
    })
    programs.add(program)
    void program.exited.then(() => programs.delete(program))
    return program
  }
  const startService = (role: 'user' | 'friend' | 'notification' | 'analytics') =>
    startRole(`${role}-1`, role, {
      [`${role.toUpperCase()}_SERVICE_PORT`]: `${placed[role].port}`,
      [`${role.toUpperCase()}_SERVICE_INTERNAL_PORT`]: `${placed[role].internal}`,
    })

  const watch = (struck: Struck, started: Program) => {
    struck.program = started
    void started.exited.then(({ code, signal }) => {
      if (struck.program === started)
        deaths.push(`${struck.name} ended by itself (${signal ?? code}): ${started.output().slice(-2_000)}`)
    })
  }
  const listeners = (['notification', 'analytics'] as const).map((role): Struck => {
    const listener: Struck = {
      name: `${role}-1`,
      program: undefined,
      start: async () => watch(listener, await startService(role)),
    }
    return listener
  })

  const nodes = await Promise.all(
    chats.map(async ({ port, internal }, i): Promise<Node> => {
      const behind = async (setting: string) => {
        const url = new URL(env[setting]!)
        const proxy = await startProxy(scope, Number(url.port))
        url.port = new URL(proxy.url).port
        return { proxy, url: url.href.replace(/\/$/, '') }
      }
      const [mysql, redis] = [await behind('MYSQL_URL'), await behind('REDIS_URL')]
      const mongodb = env['MESSAGE_STORE'] === 'mongodb' ? await behind('MONGODB_URL') : undefined
      const others = await startProxy(scope, internal)
      const node: Node = {
        name: `chat-${i + 1}`,
        program: undefined,
        ways: { mysql: mysql.proxy, redis: redis.proxy, nodes: others },
        databases: [...(mongodb ? [mongodb.proxy] : []), mysql.proxy],
        async start() {
          const started = await startRole(`chat-${i + 1}`, 'chat', {
            CHAT_SERVICE_PORT: `${port}`,
            CHAT_SERVICE_INTERNAL_PORT: `${internal}`,
            MYSQL_URL: mysql.url,
            ...(mongodb ? { MONGODB_URL: mongodb.url } : {}),
            REDIS_URL: redis.url,
            NODE_ADDRESS: others.url,
          })
          watch(node, started)
        },
      }
      return node
    }),
  )
  const all: readonly Struck[] = [...nodes, ...listeners]
  const end = async (struck: Struck, signal: 'SIGKILL' | 'SIGTERM') => {
    const ending = struck.program
    struck.program = undefined
    return ending?.kill(signal)
  }
  let turn = 0
  let cuts = 0
  let struckDatabases = 0
  /** Whom the next fault strikes. */
  const next = () => all[turn++ % all.length]!
  let struck: Program | undefined
  let isStarted = false
  const store = createClusterStore(scope, env)

  return {
    ports: { gateway: placed.gateway.port },
    metricsUrls: chats.map(({ port }) => `${at(port)}/metrics`),
    profile: 'distributed',
    deaths,
    async start() {
      if (!isStarted) await Promise.all([startService('user'), startService('friend')])
      await Promise.all(all.filter(({ program }) => !program).map((one) => one.start()))
      if (!isStarted) await startRole('gateway-1', 'gateway', { GATEWAY_PORT: `${placed.gateway.port}` })
      isStarted = true
    },
    end: (signal) => end(next(), signal),
    pause() {
      struck = next().program
      if (struck) process.kill(struck.pid, 'SIGSTOP')
    },
    resume: () => void (struck && process.kill(struck.pid, 'SIGCONT')),
    cut(way, how) {
      const kafka = way === 'kafka' ? pidOf('kafka') : undefined
      if (kafka !== undefined) process.kill(kafka, 'SIGSTOP')
      if (way === 'kafka') return () => void (kafka !== undefined && process.kill(kafka, 'SIGCONT'))
      const { ways, databases } = nodes[cuts++ % nodes.length]!
      const proxy = way === 'mysql' ? databases[struckDatabases++ % databases.length]! : ways[way]
      if (how === 'silent') proxy.blackhole(true)
      else {
        proxy.refuse = true
        proxy.cut()
      }
      return () => {
        proxy.refuse = false
        if (how === 'silent') proxy.blackhole(false)
      }
    },
    setClock: () => {},
    clock: () => 0,
    async rewind(topic) {
      // Whoever is killed stays in its group for a while, in which nobody may change where the group is.
      await Promise.all(listeners.map((one) => end(one, 'SIGTERM')))
      await store.rewind(topic)
    },
    publish: (records) => store.publish(records),
    groups: ['user', 'friend', 'chat', 'notification', 'analytics'].map((name) => `${name}-service`),
    output: () =>
      all
        .map(({ program }) => program)
        .filter(isUp)
        .map((program) => program.output().slice(-2_000))
        .join('\n'),
    readEvents: () => store.readEvents(),
    isPublished: () => store.isPublished(),
    async stop() {
      const exits = await Promise.all(all.map((one) => end(one, 'SIGTERM')))
      const codes = exits.map((exit) => exit?.code ?? null)
      return [
        ...codes.flatMap((code, i) =>
          code === 0 ? [] : [{ kind: 'server', what: `SIGTERM ended ${all[i]!.name} with ${code}` }],
        ),
        ...(await store.check()),
      ]
    },
  }
}
