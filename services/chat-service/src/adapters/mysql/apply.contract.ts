import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { LogStore } from '@bigtech/partition-log'
import fc from 'fast-check'
import type { Bodies, ChatDocument } from '../partition/entries.ts'
import type { ChatTables } from '../partition/ports.ts'
import { randomLog, storedRoom, type RandomLog } from './random-log.fixture.ts'
import { createMysqlFiles } from './files.ts'
import { positionsOf } from './history.ts'
import { OF_A_ROOM } from './rebuild.ts'
import type { ChatDb } from './tables.ts'

const MADE_OF_THE_LOG = [
  'rooms',
  ...OF_A_ROOM.filter((table) => table !== 'search_terms' && table !== 'search_rooms'),
  'files',
  'partition_positions',
] as const

const FILES = ['f0', 'f1', 'f2'].map((id) => ({
  id,
  owner_id: 1,
  name: 'a',
  type: 'b',
  size: 1,
  width: null,
  height: null,
  blob_key: id,
  thumbnail_key: null,
  created_at: 1,
  attachments: 0,
}))

const KEPT_AS_TEXT = new Set(['file', 'system', 'reactions', 'mentions'])

export type AppliedUnderTest = Readonly<{
  /** Where the rooms are. */
  db: ChatDb
  tables: Pick<ChatTables, 'apply' | 'find'> & Readonly<{ messages: Pick<ChatTables['messages'], 'page'> }>
  /** Of another process. */
  other: Pick<ChatTables, 'apply'>
  log: LogStore<Bodies>
  rebuild(p: number): Promise<number>
  /** Of messages that are not there, but in another store. */
  elsewhere: Readonly<{ dump(): Promise<unknown[]>; empty(): Promise<void> }>
}>

/** What is made of a log, whatever wrote it: where the rooms are and, if they are somewhere else, where the messages are. */
export function applyContract(open: (t: TestContext) => Promise<AppliedUnderTest>): void {
  const empty = async ({ db, elsewhere }: AppliedUnderTest) => {
    for (const table of [...MADE_OF_THE_LOG, 'search_terms', 'search_rooms', 'log'] as const)
      await db.deleteFrom(table).execute()
    await elsewhere.empty()
    await db.insertInto('files').values(FILES).execute()
  }
  const dump = async ({ db, elsewhere }: AppliedUnderTest) => {
    const tables: Record<string, unknown[]> = { elsewhere: await elsewhere.dump() }
    for (const table of MADE_OF_THE_LOG) {
      const rows = await db.selectFrom(table).selectAll().execute()
      // Up to where it was made anew, if it was, is no part of what it comes to.
      tables[table] = rows.map((row) => JSON.stringify({ ...row, whole_n: undefined })).toSorted()
    }
    return tables
  }
  const replay = async (at: AppliedUnderTest, { logs }: RandomLog) => {
    await empty(at)
    for (const [p, documents] of logs.entries()) for (const document of documents) await at.tables.apply(p, [document])
  }
  /** Some consecutive documents, anywhere. */
  const slices = (documents: readonly ChatDocument[], at: readonly number[]) =>
    at.map((n) => documents.slice(n % documents.length, (n % documents.length) + 1 + (n % 7)))

  test('makes of the log what it comes to', async (t) => {
    const at = await open(t)
    const { db } = at
    await fc.assert(
      fc.asyncProperty(randomLog, async (log) => {
        await replay(at, log)
        const ids = [...log.rooms.keys()]
        const found = await at.tables.find({ rooms: ids, rows: [], sent: [], names: [], counts: [] })
        const sorted = found.rooms.map((room) => ({
          ...room,
          members: room.members.toSorted((a, b) => a.user_id - b.user_id),
          former: room.former.toSorted((a, b) => a.user_id - b.user_id),
          invitations: room.invitations.toSorted((a, b) => a.user_id - b.user_id),
        }))
        assert.deepEqual(
          sorted.toSorted((a, b) => a.id - b.id),
          [...log.rooms.values()].map(storedRoom),
        )
        assert.deepEqual(
          found.positions.slice(0, log.logs.length).map(({ n }) => n),
          log.logs.map(({ length }) => length),
        )
        const files = new Map(FILES.map(({ id }) => [id, 0]))
        for (const [room_id, { rows, link }] of log.rooms) {
          const all = { room_id, after: 0, before: 1e9, limit: 1e6, fromEnd: false }
          assert.deepEqual(await at.tables.messages.page(all), rows)
          const { invite_code, invite_expires_at } = await db
            .selectFrom('rooms')
            .selectAll()
            .where('id', '=', room_id)
            .executeTakeFirstOrThrow()
          assert.deepEqual(
            invite_code === null ? undefined : { code: invite_code, expires_at: invite_expires_at },
            link,
          )
          for (const { file } of rows) if (file) files.set(file.id, files.get(file.id)! + 1)
        }
        const counted = await db.selectFrom('files').select(['id', 'attachments']).execute()
        assert.deepEqual(new Map(counted.map(({ id, attachments }) => [id, attachments])), files)
      }),
      { numRuns: 25 },
    )
  })

  test('comes to the same by many documents at once, again, late, and in two processes at once', async (t) => {
    const both = await open(t)
    const { tables, other } = both
    await fc.assert(
      fc.asyncProperty(randomLog, fc.array(fc.nat(1_000), { maxLength: 12 }), async (log, at) => {
        await replay(both, log)
        const expected = await dump(both)
        await empty(both)
        await Promise.all(
          log.logs.flatMap((documents, p) =>
            [tables, other].map(async (one, i) => {
              const apply: ChatTables['apply'] = (...of) => one.apply(...of)
              // Each does what it can; what is not its turn yet is refused, and what is done already passed over.
              for (const some of slices(documents, at)) await apply(p, some).catch(assertMissing)
              for (let from = 0; from < documents.length; from += 1 + i * 2)
                await apply(p, documents.slice(from, from + 3 + i)).catch(assertMissing)
              await apply(p, documents)
              for (const some of slices(documents, at)) await apply(p, some)
            }),
          ),
        )
        assert.deepEqual(await dump(both), expected)
      }),
      { numRuns: 15 },
    )
  })

  test('passes over entries that are there when the position was set back, and refuses what comes too early', async (t) => {
    const at = await open(t)
    const { db } = at
    const log = fc
      .sample(randomLog, { numRuns: 20, seed: 7 })
      .toSorted((a, b) => sizeOf(a) - sizeOf(b))
      .at(-1)
    await replay(at, log!)
    const expected = await dump(at)
    const apply: ChatTables['apply'] = (...of) => at.tables.apply(...of)
    await db.updateTable('partition_positions').set({ n: 0, at: 0 }).execute()
    await assert.rejects(apply(1, log!.logs[1]!.slice(1)), /document 1 is missing before 2/)
    const but = ({ partition_positions: _positions, ...tables }: Record<string, unknown[]>) => tables
    for (const [p, documents] of log!.logs.entries())
      await apply(p, documents.slice(0, Math.ceil(documents.length / 2)))
    assert.deepEqual(but(await dump(at)), but(expected), 'what is older changes nothing')
    for (const [p, documents] of log!.logs.entries()) await apply(p, documents)
    assert.deepEqual(await dump(at), expected)
    const after = log!.logs[1]!.at(-1)!
    const [entry] = log!.logs[1]!.flatMap(({ entries }) => entries)
    const hole = { ...after, n: after.n + 1, entries: [{ ...entry!, f: 1_000_000 }] }
    await assert.rejects(apply(1, [hole]), /entry 1000000 comes after/)
    assert.deepEqual(await dump(at), expected, 'nothing of it is left')
  })

  test('what a newer process adds to its entries is passed over: there is no place for it', async (t) => {
    const at = await open(t)
    const [log] = fc.sample(randomLog, { numRuns: 1, seed: 5 })
    await replay(at, log!)
    const expected = await dump(at)
    /** Each object of an entry has one field more; what is kept as text comes back as it was written. */
    const extended = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(extended)
      if (typeof value !== 'object' || value === null) return value
      const fields = Object.entries(value).map(([name, field]) => [
        name,
        KEPT_AS_TEXT.has(name) ? field : extended(field),
      ])
      return { ...(Object.fromEntries(fields) as object), 'of a `newer` process': 1 }
    }
    const newer = log!.logs.map((documents) =>
      documents.map((document) => ({
        ...document,
        entries: document.entries.map((entry) => ({ ...entry, body: extended(entry.body) as typeof entry.body })),
      })),
    )
    await replay(at, { ...log!, logs: newer })
    assert.deepEqual(await dump(at), expected)
  })

  test('made anew from the log it is what it was; also while an owner goes on writing', async (t) => {
    const at = await open(t)
    const { log } = at
    const { other } = at
    await fc.assert(
      fc.asyncProperty(randomLog, async (made) => {
        await replay(at, made)
        const expected = await dump(at)
        await empty(at)
        for (const [p, documents] of made.logs.entries()) {
          const before = documents.slice(0, Math.ceil(documents.length / 2))
          for (const document of before) await log.append(document)
          await at.tables.apply(p, before)
          const owner = async () => {
            for (const document of documents.slice(before.length)) {
              await log.append(document)
              for (;;) {
                const isDone = await other.apply(p, [document]).then(
                  () => true,
                  (error: unknown) => assertMissing(error),
                )
                if (isDone) break
              }
            }
          }
          await Promise.all([at.rebuild(p), owner()])
        }
        assert.deepEqual(await dump(at), expected)
      }),
      { numRuns: 15 },
    )
  })

  test('tables of which the making was broken off say up to where they lack something, until it is done', async (t) => {
    const at = await open(t)
    const [made] = fc.sample(randomLog, { numRuns: 1, seed: 3 })
    await replay(at, made!)
    for (const document of made!.logs[0]!) await at.log.append(document)
    const position = async () => (await positionsOf(at.db, 1))[0]!
    const { n } = await position()
    const files = createMysqlFiles(at.db)
    const read: LogStore<Bodies>['read'] = at.log.read.bind(at.log)
    const broken = t.mock.method(at.log, 'read', async (...from: Parameters<typeof read>) => {
      // All of it was looked at before anything is removed.
      if (broken.mock.calls.some(({ arguments: [, of] }) => of > n)) throw new Error('broken off')
      return read(...from)
    })
    for (const _twice of [1, 2]) {
      await assert.rejects(at.rebuild(0), /broken off/)
      const { n: reached, wholeFrom } = await position()
      assert.deepEqual([reached, wholeFrom], [0, n])
      assert.deepEqual(
        await files.takeOrphans(Number.MAX_SAFE_INTEGER, 10),
        [],
        'files whose attachments are not there yet are no orphans',
      )
      broken.mock.resetCalls()
    }
    broken.mock.restore()
    await at.rebuild(0)
    assert.equal((await position()).n, n)
    const attached = await at.db.selectFrom('attachments').select('file_id').distinct().execute()
    assert.equal((await files.takeOrphans(Number.MAX_SAFE_INTEGER, 10)).length, FILES.length - attached.length)
  })

  test('a log that lacks something is not made anew, and two do not do it at once: nothing is removed', async (t) => {
    const at = await open(t)
    const [made] = fc.sample(randomLog, { numRuns: 1, seed: 3 })
    await replay(at, made!)
    const expected = await dump(at)
    await assert.rejects(at.rebuild(0), /does not begin with its first/)
    const [first, second, ...later] = made!.logs[0]!
    for (const document of [first!, ...later]) await at.log.append(document)
    await assert.rejects(at.rebuild(0), /has no document 2/)
    assert.deepEqual(await dump(at), expected)
    await at.log.append(second!)
    const [done, refused] = (await Promise.allSettled([at.rebuild(0), at.rebuild(0)])).toSorted((a, b) =>
      a.status < b.status ? -1 : 1,
    )
    assert.equal(done?.status, 'fulfilled')
    assert.match(String((refused as PromiseRejectedResult).reason), /is being made anew by somebody else/)
    assert.deepEqual(await dump(at), expected)
  })
}

const sizeOf = ({ rooms }: RandomLog): number => [...rooms.values()].reduce((sum, { room }) => sum + room.f, 0)

/** @returns false, for what is not its turn yet */
function assertMissing(error: unknown): false {
  assert.match(String(error), /is missing before/)
  return false
}
