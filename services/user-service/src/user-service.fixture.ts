import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BlobStore } from '@bigtech/files'
import {
  createHost,
  createInternalHost,
  createMemoryRateLimiter,
  createServiceTokens,
  createServiceTokenVerifier,
  createTokenVerifier,
  TOKEN_AUDIENCE,
  TOKEN_ISSUER,
  type App,
} from '@bigtech/http'
import type { Clock } from '@bigtech/kernel'
import { readMail } from '@bigtech/mail/testing'
import { createEmbeddedBus, defineEvents, withDlq, type EventBus, type StoredRecord } from '@bigtech/messaging'
import { createMemoryBroker, createRevocationList, type Broker } from '@bigtech/realtime'
import { createMetrics, nullLogger, type Metrics } from '@bigtech/telemetry'
import { eventually, tempDir, type Cleanup } from '@bigtech/testkit'
import { createEmbeddedUserAdapters } from './adapters/index.ts'
import { userEvents, userTopics } from './contract/index.ts'
import type { IssuedPair } from './contract/fields.ts'
import { createUserModule, type UserModule, type UserModuleOptions, type UserModulePorts } from './module.ts'

export const PASSWORD = 'Test1234!@'

/** Real time that a test can push forward. */
export type SkewedClock = Clock & { advance(ms: number): void }
export function createSkewedClock(): SkewedClock {
  let skew = 0
  return { now: () => Date.now() + skew, advance: (ms) => void (skew += ms) }
}

export type Account = { id: number; email: string; username: string; token: string; refresh: string; session: string }

export type TestService = {
  app: App
  module: UserModule
  db: Pick<UserModulePorts, 'store' | 'outbox'>
  bus: EventBus
  broker: Broker
  blobs: BlobStore
  metrics: Metrics
  clock: SkewedClock
  dir: string
  /** Published records of a topic, in order per partition; each is checked against its schema. */
  published: (topic: string) => Promise<StoredRecord[]>
  mails: () => Promise<string[]>
  /** Registers and signs in. */
  account: (name: string, extra?: Record<string, unknown>) => Promise<Account>
  admin: (name: string) => Promise<Account>
  signIn: (email: string, password?: string) => Promise<Account>
  close: () => Promise<void>
}

/** A whole user-service on real embedded adapters, in a directory of its own (or of a service that was closed before). */
export async function startService(
  t: Cleanup,
  options: UserModuleOptions & {
    dir?: string
    clock?: SkewedClock
    attemptLimit?: number
    started?: boolean
    smtpUrl?: string
  } = {},
): Promise<TestService> {
  const dir = options.dir ?? tempDir(t)
  const clock = options.clock ?? createSkewedClock()
  const bus = await createEmbeddedBus({ file: join(dir, 'bus.db') })
  const broker = createMemoryBroker()
  const metrics = createMetrics('user-service')
  const revoked = createRevocationList(broker, { clock })
  const adapters = await createEmbeddedUserAdapters({
    dataDir: dir,
    bus,
    broker,
    clock,
    logger: nullLogger,
    issuer: TOKEN_ISSUER,
    audience: TOKEN_AUDIENCE,
    mail: { from: 'BigTech Chat <no-reply@localhost>', smtpUrl: options.smtpUrl },
    argon2: { memoryKiB: 64, passes: 1 },
  })
  const { ports } = adapters
  const limit = options.attemptLimit ?? 5
  const attempts = createMemoryRateLimiter({ limit, windowS: 60 })
  const addressAttempts = createMemoryRateLimiter({ limit: 40, windowS: 900 })
  const module = await createUserModule(
    { ...ports, attempts, addressAttempts, freeAttempts: 2 * limit, metrics },
    { instance: 'test', ...options },
  )
  const app = await createHost({
    service: module.service,
    logger: nullLogger,
    metrics,
    tokens: createTokenVerifier({
      jwks: async () => ports.tokens.jwks(),
      isRevoked: (sessionId) => revoked.isRevoked(sessionId),
    }),
    readiness: module.readiness,
    corsOrigins: [],
    trustProxy: true,
  })
  await module.routes(app)
  await app.ready()
  await bus.ensureTopics(withDlq(userTopics))
  if (options.started ?? true) await module.start()

  let closed = false
  const close = async () => {
    if (closed) return
    closed = true
    await app.close()
    await module.close()
    await bus.close()
    await adapters.close()
  }
  t.after(close)
  const { store, outbox, blobs } = ports
  const db = { store, outbox }
  return { ...helpers({ app, module, bus, dir }), app, module, db, bus, broker, blobs, metrics, clock, dir, close }
}

const registry = defineEvents(userEvents)

function helpers({ app, module, bus, dir }: Pick<TestService, 'app' | 'module' | 'bus' | 'dir'>) {
  const signIn = async (email: string, password = PASSWORD): Promise<Account> => {
    const login = await app.inject({ method: 'POST', url: '/auth/login/json', payload: { email, password } })
    if (login.statusCode !== 200) throw new Error(login.body)
    const { access_token: token, refresh_token: refresh } = login.json<IssuedPair>()
    const me = await app.inject({ url: '/profile/me', headers: { authorization: `Bearer ${token}` } })
    const { id, username } = me.json<{ id: number; username: string }>()
    const { sid } = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { sid: string }
    return { id, email, username, token, refresh, session: sid }
  }
  return {
    signIn,
    async account(name: string, extra: Record<string, unknown> = {}) {
      const email = `${name}@example.com`
      const payload = { email, username: name, password: PASSWORD, ...extra }
      const answer = await app.inject({ method: 'POST', url: '/auth/register', payload })
      if (answer.statusCode !== 201) throw new Error(answer.body)
      return signIn(email)
    },
    async admin(name: string) {
      const email = `${name}@example.com`
      await module.createAdmin({ email, username: name, password: PASSWORD })
      return signIn(email)
    },
    async published(topic: string) {
      await module.events.flush()
      const { partitions } = (await bus.admin.topics()).find((state) => state.name === topic)!
      const records: StoredRecord[] = []
      for (const { partition } of partitions)
        records.push(...(await bus.admin.read({ topic, partition, offset: 0, limit: 10_000 })))
      for (const record of records) {
        const problems = registry.validate(record)
        if (problems.length > 0) throw new Error(`${record.value.event_type}: ${problems.join('; ')}`)
      }
      return records
    },
    async mails() {
      const folder = join(dir, 'mail')
      const names = await readdir(folder).catch(() => [])
      return Promise.all(names.filter((n) => n.endsWith('.eml')).map((name) => readFile(join(folder, name), 'utf8')))
    },
  }
}

/** The port for services, and the tokens of one of them. */
export async function openInternal(t: Cleanup, { module }: Pick<TestService, 'module'>) {
  const secret = 'a secret of at least 32 characters'
  const internal = await createInternalHost({
    service: 'user-service',
    tokens: createServiceTokenVerifier({ service: 'user-service', secrets: [secret] }),
    logger: nullLogger,
    metrics: createMetrics('user-service'),
    readiness: {},
  })
  module.internalRoutes!(internal)
  t.after(() => internal.close())
  return { internal, tokens: createServiceTokens({ service: 'chat-service', secrets: [secret] }) }
}

export const bearer = (account: { token: string }) => ({ authorization: `Bearer ${account.token}` })

/** The token of the one mail that was sent, to alice. */
export async function mailedToken(service: TestService, to = 'alice@example.com'): Promise<string> {
  const mail = await eventually(async () => {
    const mails = await service.mails()
    assert.equal(mails.length, 1)
    return mails[0]!
  })
  assert.ok(mail.includes(`To: ${to}\r\n`), mail)
  return /token=([\w-]{43})/.exec(readMail(mail).text)![1]!
}
