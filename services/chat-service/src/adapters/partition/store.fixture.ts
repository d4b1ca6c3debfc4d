import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { EventRecord, Outbox } from '@bigtech/messaging'
import { eventId, systemRuntime, type LogStore, type Outcome } from '@bigtech/partition-log'
import {
  createMemoryBroker,
  createMemoryCoordination,
  createMemoryCursors,
  createMemoryLog,
  MemoryNetwork,
} from '@bigtech/partition-log/testing'
import type { Metrics } from '@bigtech/telemetry'
import { openSqlite, openSqliteDatabase } from '@bigtech/sql'
import { tempDir } from '@bigtech/testkit'
import { migrations } from '../../migrations/index.ts'
import type { FileStore } from '../../ports.ts'
import type { StoreUnderTest } from '../chat-store.fixture.ts'
import type { ChatDocument } from './entries.ts'
import { createOthers } from './people.fixture.ts'
import type { ChatTables } from './ports.ts'
import { createTables } from './reads.fixture.ts'
import type { Chat } from './shape.ts'
import type { Kept } from './state.ts'
import { createPartitionedChat, type PartitionedChat, type PartitionStorePorts } from './store.ts'
import { MORE_TABLES } from './tables.fixture.ts'
import { eventOf } from './told.ts'

export const PARTITIONS = 4
const SETTINGS = { partitions: PARTITIONS, tickMs: 20, leaseMs: 3_000, frameWaitMs: 20, retryMs: 10, deadlineMs: 5_000 }

/** A log in memory, whose documents are JSON between a write and a read. */
function createLog(): LogStore<Chat> {
  const log = createMemoryLog<{ body: string; command: never; answer: never; state: never }>()
  const text = (document: ChatDocument) => ({
    ...document,
    entries: document.entries.map((entry) => ({ ...entry, body: JSON.stringify(entry.body) })),
  })
  return {
    ...log,
    async append(document) {
      // As with any engine, other things happen meanwhile.
      await new Promise((resolve) => setImmediate(resolve))
      return log.append(text(document))
    },
    async read(p, from, limit) {
      const documents = await log.read(p, from, limit)
      return documents.map((document) => ({
        ...document,
        entries: document.entries.map((entry) => ({ ...entry, body: JSON.parse(entry.body) as Chat['body'] })),
      }))
    },
  }
}

/** What the log tells other services: published by its owners when a bus is there to take it. */
function createLogOutbox(log: LogStore<Chat>, tables: ChatTables): Outbox {
  const records = async () => {
    const found: { id: string; record: EventRecord }[] = []
    for (const [p, { n: upTo }] of (await tables.positions()).entries())
      for (const { n, entries } of await log.read(p, 1, upTo))
        for (const [i, entry] of entries.entries()) {
          const id = eventId(p, n, i)
          const record = eventOf(id, entry)
          if (record) found.push({ id, record })
        }
    return found
  }
  const none = async () => undefined
  return {
    claim: async () => (await records()).map((one) => ({ ...one, attempts: 0, created_at: 0 })),
    stats: async () => ({ pending: (await records()).length, parked: 0, oldest_created_at: null }),
    published: none,
    failed: none,
    park: none,
    parked: async () => [],
    unpark: none,
    release: none,
  }
}

export type Processes = StoreUnderTest & { readonly all: readonly PartitionedChat[] }

/** What a process has of the engines. */
export type Engines = Omit<PartitionStorePorts, 'network' | 'broker' | 'bus' | 'runtime'> &
  Readonly<{ files: FileStore }>
/** @param metrics of each of them @param tables what they have instead of the tables */
export type ProcessOptions = {
  kept?: Kept
  metrics?: readonly Metrics[]
  tables?: (tables: ChatTables) => ChatTables
}

/** Processes on one log in memory, with tables in SQLite. */
export async function openProcesses(
  t: TestContext,
  names: readonly string[],
  { tables: instead = (tables) => tables, ...options }: ProcessOptions = {},
): Promise<Processes> {
  const file = join(tempDir(t), 'chat.db')
  await (await openSqliteDatabase(file, 'chat', migrations)).destroy()
  const db = openSqlite(file)
  db.exec(`PRAGMA synchronous = OFF; ${MORE_TABLES}`)
  const engines = {
    ...createOthers(db),
    tables: instead(createTables(db, PARTITIONS)),
    log: createLog(),
    coordination: createMemoryCoordination(),
    cursors: createMemoryCursors(),
  }
  const processes = await runProcesses(
    t,
    names.map((name) => [name, engines]),
    options,
  )
  t.after(() => db.close())
  return processes
}

/** Each call goes to the next of them; changes are told by the first. They speak to each other in memory. */
export async function runProcesses(
  t: TestContext,
  those: readonly (readonly [name: string, engines: Engines])[],
  { metrics, ...options }: Omit<ProcessOptions, 'tables'> = {},
): Promise<Processes> {
  const between = {
    network: new MemoryNetwork<Chat>(),
    broker: createMemoryBroker<Chat>(),
    bus: { publish: async () => undefined },
    runtime: systemRuntime,
  }
  const epoch = randomUUID()
  const trouble = { isBroken: false }
  const open = async ([node, engines]: readonly [string, Engines], i: number) => {
    const log: LogStore<Chat> = {
      ...engines.log,
      async append(document) {
        if (trouble.isBroken && document.entries.some(({ body }) => body.kind === 'message'))
          throw new Error('the log cannot be written')
        return engines.log.append(document)
      },
    }
    const store = createPartitionedChat(
      { ...engines, ...between, log, ...(metrics ? { metrics: metrics[i]! } : {}) },
      { node, epoch, settings: SETTINGS, ...options },
    )
    between.network.add(node, { handle: (...asked) => store.share.handle(...asked) as Promise<Outcome<Chat>[]> })
    await store.share.start()
    return store
  }
  const all = await Promise.all(those.map(open))
  t.after(() => Promise.all(all.map(({ share }) => share.leave())))
  let calls = 0
  const turns = <Part extends 'messages' | 'rooms' | 'closures'>(part: Part): PartitionedChat[Part] =>
    inTurns(() => all[calls++ % all.length]![part])
  const [, { people, files, log, tables }] = those[0]!
  return {
    all,
    messages: turns('messages'),
    rooms: turns('rooms'),
    closures: turns('closures'),
    feed: {
      ...all[0]!.feed,
      token: () => all[calls++ % all.length]!.feed.token(),
      missed: (query) => all[calls++ % all.length]!.feed.missed(query),
    },
    people,
    files,
    outbox: createLogOutbox(log, tables),
    failCommits() {
      trouble.isBroken = true
      // An append that failed is repeated by its owner until its outcome is known.
      return { mend: () => (trouble.isBroken = false), forGood: false }
    },
  }
}

/** Each method of it is one of the part that it is the turn of. */
function inTurns<Part extends object>(next: () => Part): Part {
  return new Proxy(next(), {
    get:
      (_, name) =>
      (...values: unknown[]) =>
        (next()[name as keyof Part] as (...values: unknown[]) => unknown)(...values),
  })
}
