import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort, spawnProgram, type Cleanup, type Exit, type Program } from '@bigtech/testkit'
import { MAIN, PASSWORD, testEnv } from '../../support/index.ts'
import { checkStore } from '../checker/store.ts'
import type { Violation } from '../checker/violation.ts'
import type { EventFact } from '../history/types.ts'
import { createEventReader } from '../run/read-events.ts'
import { publishTo, readStore, rewind } from '../run/store.ts'
import type { Poison } from '../schedule/poison.ts'

export const ADMIN = { email: 'operator@example.com', username: 'operator', password: PASSWORD }
/** ms; the shortest the server takes, so that dead connections are noticed within seconds */
export const HEARTBEAT_MS = 1_000

/** The real program, as `npm start` runs it, which can be treated badly and started again on the same data and ports. */
export type ServerHost = {
  ports: { gateway: number }
  /** Of each process that has streams. */
  metricsUrls: readonly string[]
  profile: 'embedded' | 'distributed'
  /** Starts it and waits until it answers. @throws what it printed when it ends instead */
  start(): Promise<void>
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<Exit | undefined>
  pause(): void
  resume(): void
  /** Between a process and what it needs; undefined where all is one process. @returns what takes it back */
  cut?(way: Way, how: 'reset' | 'silent'): () => void
  /** ms its clock differs from the machine's from now on */
  setClock(offset: number): void
  /** Backs the running server up, kills it, and puts the backup into its place; it is to be started again. Not of a cluster. @returns what it told */
  restore?(): Promise<string>
  clock(): number
  /** Writes all that it holds to a file, for whoever wants to know how something came about. Not of a cluster. */
  keep?(file: string): Promise<void>
  /** Ends what listens only, as if it had read nothing of a topic yet; it is to be started again. */
  rewind(topic: string): Promise<void>
  /** To the topics, past every service. */
  publish(records: readonly Poison[]): Promise<void>
  /** Consumer groups that there are. */
  readonly groups: readonly string[]
  /** The end of what it printed since its last start. */
  output(): string
  /** Ends it had by itself. */
  readonly deaths: string[]
  /** Events since it was last asked, repeats included. */
  readEvents(): Promise<EventFact[]>
  /** Whether all events have left the store, as far as operators are not shown it. */
  isPublished(): Promise<boolean>
  /** Ends all of it. @returns what is wrong in what it leaves */
  stop(): Promise<Violation[]>
}

/** What lies between the processes of a cluster. */
export type Way = 'mysql' | 'redis' | 'nodes' | 'kafka'

export async function createServerHost(
  t: Cleanup,
  options: { dir: string; notes: string; preloads: readonly string[]; env?: Record<string, string> },
): Promise<ServerHost> {
  const { dir, notes } = options
  const dataDir = join(dir, 'data')
  const logFile = join(notes, 'server.log')
  const clockFile = join(notes, 'clock')
  const ports = { gateway: await freePort(), chat: await freePort() }
  const readEvents = createEventReader(dataDir)
  const deaths: string[] = []
  let offset = 0
  let backups = 0
  let program: Program | undefined
  process.once('exit', () => {
    try {
      if (program) process.kill(program.pid, 'SIGKILL')
    } catch {
      // It is gone already.
    }
  })
  writeFileSync(clockFile, '0')

  const env = {
    ...testEnv(dataDir),
    LOG_LEVEL: 'warn',
    LOG_FILE: logFile,
    GATEWAY_PORT: `${ports.gateway}`,
    CHAT_SERVICE_PORT: `${ports.chat}`,
    STREAM_HEARTBEAT: `${HEARTBEAT_MS}ms`,
    STREAM_BUFFER: '256KB',
    PUSH_TO_PRIVATE_NETWORKS: 'true',
    PUSH_CLOSES_PER_DAY: '1000000',
    NODE_COMPILE_CACHE: join(import.meta.dirname, '../../../node_modules/.cache/bigtech'),
    CLOCK_FILE: clockFile,
    ...options.env,
  }
  const own = ['preload-workers.ts', 'preload-clock.ts'].map((file) => join(import.meta.dirname, file))
  const nodeOptions = [
    '--max-semi-space-size=32',
    ...[...own, ...options.preloads].flatMap((file) => ['--import', file]),
  ]

  await createAdministrator(t, env, nodeOptions)

  async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<Exit | undefined> {
    const ending = program
    program = undefined
    return ending?.kill(signal)
  }

  async function backup(...args: string[]): Promise<string> {
    const ended = await spawnProgram(t, { file: join(MAIN, '../backup.ts'), args, env })
    const { code } = await ended.exited
    if (code !== 0) throw new Error(`backup ${args[0]} ended with ${code}: ${ended.output()}`)
    return ended.output().trim()
  }

  async function restore(): Promise<string> {
    const file = join(dir, `backup-${backups++}.tar.zst`)
    const told = await backup('create', '--to', file)
    await end('SIGKILL')
    rmSync(dataDir, { recursive: true })
    await backup('restore', file)
    rmSync(file)
    return told
  }

  return {
    ports,
    metricsUrls: [`http://127.0.0.1:${ports.chat}/metrics`],
    profile: 'embedded',
    deaths,
    async start() {
      // One that is not ready in time has the files, and the next would find them in use.
      let giveUp = (): unknown => undefined
      const scope: Cleanup = {
        after(cleanup) {
          giveUp = cleanup
          t.after(cleanup)
        },
      }
      const started = await spawnProgram(scope, {
        file: MAIN,
        env,
        nodeOptions,
        ready: /Ready after/,
        readyTimeoutMs: 60_000,
      }).catch(async (error: unknown) => {
        await giveUp()
        throw error
      })
      program = started
      void started.exited.then(({ code, signal }) => {
        if (program === started) deaths.push(`ended by itself (${signal ?? code}): ${started.output().slice(-2_000)}`)
      })
    },
    end,
    pause: () => void (program && process.kill(program.pid, 'SIGSTOP')),
    resume: () => void (program && process.kill(program.pid, 'SIGCONT')),
    setClock(ms) {
      offset = ms
      writeFileSync(clockFile, `${ms}`.padEnd(16))
    },
    clock: () => offset,
    restore,
    keep: async (file) => void (await backup('create', '--to', file)),
    async rewind(topic) {
      await end('SIGKILL')
      rewind(dataDir, topic)
    },
    publish: async (records) => publishTo(dataDir, records),
    groups: ['user', 'friend', 'chat', 'notification', 'analytics', 'ai'].map((name) => `${name}-service`),
    output: () => program?.output().slice(-2_000) ?? '(it was not running)',
    readEvents: async () => readEvents(),
    isPublished: async () => true,
    async stop() {
      const exit = await end('SIGTERM')
      return checkStore(readStore(dataDir, exit?.code ?? null))
    },
  }
}

/** Who reads what operators are shown. */
export async function createAdministrator(
  t: Cleanup,
  env: Record<string, string>,
  nodeOptions: readonly string[] = [],
): Promise<void> {
  const { email, username, password } = ADMIN
  const admin = await spawnProgram(t, {
    file: join(MAIN, '../admin.ts'),
    args: ['create-admin', '--email', email, '--username', username, '--password', password],
    env,
    nodeOptions: [...nodeOptions],
  })
  if ((await admin.exited).code !== 0) throw new Error(`no administrator could be made: ${admin.output()}`)
}
