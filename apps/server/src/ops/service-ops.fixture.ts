import assert from 'node:assert/strict'
import { join } from 'node:path'
import { openFriendDatabase } from '@bigtech/friend-service/adapters'
import {
  createHost,
  createInternalHost,
  createServiceTokens,
  createServiceTokenVerifier,
  operation,
  type ReadinessCheck,
} from '@bigtech/http'
import { newId } from '@bigtech/kernel'
import type { EventRecord } from '@bigtech/messaging'
import { createMetrics, nullLogger } from '@bigtech/telemetry'
import { tempDir, type Cleanup } from '@bigtech/testkit'
import { Type } from 'typebox'
import { internalOpsRoutes } from './internal-ops.http.ts'
import { createLocalOps } from './local-ops.ts'
import { createOpsClient, createRemoteOps } from './remote-ops.ts'
import type { ServiceOps } from './service-ops.ts'

export const SECRET = 'a secret of at least 32 characters'
export const SERVICE = 'friend-service'

export type OpenedService = Awaited<ReturnType<typeof openService>>

/** A small service with a real database, as it would say of itself in its own process. */
export async function openService(t: Cleanup) {
  const database = await openFriendDatabase(join(tempDir(t), 'friend.db'))
  t.after(() => database.close())
  const metrics = createMetrics(SERVICE)
  const checks: Record<string, ReadinessCheck> = { database: () => database.check() }
  const app = await createHost({
    service: { name: SERVICE, title: 'Friend Service', description: 'For tests.' },
    logger: nullLogger,
    metrics,
    tokens: { verify: () => Promise.reject(new Error('nobody signs in here')) },
    readiness: {},
    corsOrigins: [],
    trustProxy: false,
  })
  app.get(
    '/friends',
    operation({
      id: 'listFriends',
      tag: 'friends',
      access: 'public',
      summary: 'Nobody',
      response: { 200: Type.Array(Type.String()) },
    }),
    () => [],
  )
  await app.ready()
  t.after(() => app.close())
  const notified: number[] = []
  const ops = createLocalOps({
    name: 'node-1',
    app,
    metrics,
    readiness: checks,
    outbox: { outbox: database.outbox, notify: () => notified.push(Date.now()) },
    reports: {
      list: (query) => database.reports.list(query),
      handle: async (command) => (await database.reports.mark({ ...command, now: 1_000 }))?.report,
    },
    partitions: () => [
      {
        p: 0,
        owner: { term: 2, isServing: true, n: 7, unapplied: 1, unpublished: 3, waiting: 4 },
        seen: { n: 6, at: 1 },
      },
      {
        p: 1,
        owner: { term: 3, isServing: false, n: 0, unapplied: 0, unpublished: undefined, waiting: 2 },
        seen: { n: 5, at: 1 },
      },
      { p: 2, owner: undefined, seen: { n: 9, at: 1 } },
    ],
    storage: async (limit) => ({
      total: { files: 3, bytes: 300 },
      allowed: { files: 10, bytes: 1_000 },
      accounts: [7, 8, 9].map((user_id) => ({ user_id, files: 1, bytes: 100 })).slice(0, limit),
    }),
  })
  return {
    ops,
    app,
    checks,
    reports: database.reports,
    notified: () => notified.length,
    /** An event that waits in the outbox, set aside there. */
    park: async (content: string): Promise<string> => {
      const event_id = newId()
      const record: EventRecord = {
        topic: 'friend.events',
        key: '1',
        value: { event_id, event_type: 'FriendRemoved', timestamp: '2026-01-27T10:00:00.000Z', content, n: 1 },
        headers: { ce_id: event_id },
      }
      await database.people.erase({ event_id: newId(), now: 1_000, user_id: 1, events: () => [record] })
      const rows = await database.outbox.claim({ owner: 'test', limit: 100, leaseMs: 10_000, now: 1_000 })
      const row = rows.find((one) => one.record.value.event_id === event_id)
      assert.ok(row)
      await database.outbox.park(row.id, 'no such topic')
      return row.id
    },
  }
}

/** The same, asked over its internal port. */
export async function openRemote(
  t: Cleanup,
  { ops }: Pick<OpenedService, 'ops'>,
  has = ['outbox', 'storage', 'reports', 'partitions'] as const,
) {
  const internal = await createInternalHost({
    service: SERVICE,
    tokens: createServiceTokenVerifier({ service: SERVICE, secrets: [SECRET] }),
    logger: nullLogger,
    metrics: createMetrics(SERVICE),
    readiness: {},
  })
  internalOpsRoutes(internal, ops)
  const url = new URL(await internal.listen({ port: 0, host: '127.0.0.1' }))
  t.after(() => internal.close())
  const client = createOpsClient(url, SERVICE, createServiceTokens({ service: 'gateway', secrets: [SECRET] }))
  const remote: ServiceOps = createRemoteOps({ name: url.host, client, has })
  return { remote, internal, url }
}
