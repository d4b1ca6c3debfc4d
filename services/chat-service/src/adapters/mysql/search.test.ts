import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { connectMysql } from '@bigtech/sql'
import { mysqlEngine, temporaryMysql } from '@bigtech/sql/testing'
import fc from 'fast-check'
import { row } from '../../domain/message.fixture.ts'
import { searchText } from '../../domain/search-text.ts'
import { chatMysqlMigrations } from '../../migrations/index.ts'
import { createMysqlApply } from './apply.ts'
import { createMysqlMessageReads } from './message-reads.ts'
import { randomLog, type RandomLog } from './random-log.fixture.ts'
import { indexRooms } from './search-index.ts'
import { termsOf, wantedBy } from './search-terms.ts'
import type { ChatDb, ChatSchema } from './tables.ts'

const TABLES = [
  'rooms',
  'members',
  'messages',
  'uncounted',
  'pins',
  'attachments',
  'former_members',
  'invitations',
  'partition_positions',
  'search_terms',
  'search_rooms',
  'search_stale',
] as const

/** What a message is found by, of all that can be found. */
function termsOfAll({ rooms }: RandomLog): string[] {
  const found: string[] = []
  for (const [room, { rows }] of rooms)
    for (const { seq, content, file, message_type, deleted_at } of rows)
      if (message_type !== 'system' && deleted_at === null)
        for (const term of termsOf(searchText(content, file))) found.push(`${room}/${seq}/${term}`)
  return found.toSorted()
}

suite('search on MySQL', { skip: mysqlEngine.skip }, () => {
  if (mysqlEngine.skip) return

  test('a message is found by what it says now, and by nothing it said: indexed by two while it is written', async (t) => {
    const { db, options } = await temporaryMysql<ChatSchema>(t, chatMysqlMigrations)
    const other = await connectMysql<ChatSchema>(options)
    t.after(() => other.destroy())
    const apply = createMysqlApply(db)
    const indexed = async (): Promise<string[]> => {
      const rows = await db.selectFrom('search_terms').selectAll().execute()
      return rows.map(({ room_id, seq, term }) => `${room_id}/${seq}/${term.toString()}`).toSorted()
    }
    const indexAll = async (on: ChatDb) => {
      const rooms = await on.selectFrom('rooms').select('id').execute()
      await indexRooms(
        on,
        rooms.map(({ id }) => id),
      )
    }
    await fc.assert(
      fc.asyncProperty(randomLog, async (log) => {
        for (const table of TABLES) await db.deleteFrom(table).execute()
        const work = { goesOn: true }
        const indexing = [db, other].map(async (on) => {
          while (work.goesOn) await indexAll(on)
        })
        for (const [p, documents] of log.logs.entries()) for (const document of documents) await apply(p, [document])
        work.goesOn = false
        await Promise.all(indexing)
        await indexAll(db)
        assert.deepEqual(await indexed(), termsOfAll(log))
        assert.deepEqual(await db.selectFrom('search_stale').selectAll().execute(), [])
        await indexAll(other)
        assert.deepEqual(await indexed(), termsOfAll(log), 'again changes nothing')
      }),
      { numRuns: 15, interruptAfterTimeLimit: 60_000 },
    )
  })

  test('a search finds what was committed before it, also if nobody has indexed it; and page by page all of it once', async (t) => {
    const { db } = await temporaryMysql<ChatSchema>(t, chatMysqlMigrations)
    const apply = createMysqlApply(db)
    const of = { type: 'group', name: null, created_by: 1, created_at: 1 } as const
    const on = { now: 1, traceparent: 't' }
    const member = { user_id: 1, role: 'owner', join_seq: 0, joined_at: 1, read_seq: 0 } as const
    const said = (room_id: number, seq: number) => ({
      v: 1 as const,
      kind: 'message' as const,
      row: { ...row, room_id, seq, rev: seq, content: seq % 2 ? `김치 ${seq}` : `물 ${seq}` },
      unread_count: 0,
      old_read_seq: 0,
      reads: true,
      last_activity_at: 1,
      shown: [],
      on,
    })
    const COUNT = 300
    for (const room of [2, 4]) {
      const created = { v: 1 as const, kind: 'created' as const, room: of, members: [member], on }
      const bodies = [created, ...Array.from({ length: COUNT }, (_, i) => said(room, i + 1))]
      const entries = bodies.map((body, i) => ({ room, f: i + 1, key: `${i}`, body }))
      // Many of one document, so of one moment.
      await apply(room, [{ p: room, n: 1, term: 1, at: 5, by: 'a', entries: entries.slice(0, 200) }])
      await apply(room, [{ p: room, n: 2, term: 1, at: 6, by: 'a', entries: entries.slice(200) }])
    }
    const { search } = { ...createMysqlMessageReads(db) }
    const found: string[] = []
    let before: string | null = null
    for (;;) {
      const hits: NonNullable<Awaited<ReturnType<typeof search>>> = (await search({
        user_id: 1,
        words: ['김치'],
        room_id: null,
        before,
        limit: 37,
      }))!
      found.push(...hits.map(({ row }) => `${row.room_id}/${row.seq}`))
      if (hits.length < 37) break
      before = hits.at(-1)!.cursor
    }
    assert.equal(found.length, COUNT)
    assert.equal(new Set(found).size, COUNT)
    const foreign = await search({ user_id: 1, words: ['김치'], room_id: null, before: '7', limit: 10 })
    assert.equal(foreign, undefined, 'a cursor of another store')
  })

  test('what a query needs is in the terms of every text that holds it', () => {
    const text = fc.string({
      unit: fc.constantFrom('김', '치', '찌', 'a', 'é', '+', '👍', ' ', ',', '%'),
      maxLength: 12,
    })
    fc.assert(
      fc.property(text, fc.nat(11), fc.integer({ min: 1, max: 6 }), (content, from, length) => {
        const folded = searchText(content, null)
        const words = [...folded]
          .slice(from, from + length)
          .join('')
          .split(/[ ,]+/u)
          .filter(Boolean)
        const terms = [...termsOf(folded)].map((term) => Buffer.from(term))
        for (const { from: first, below } of wantedBy(words))
          assert.ok(
            terms.some((term) => (below ? term.compare(first) >= 0 && term.compare(below) < 0 : term.equals(first))),
            `${first.toString()} is not among the terms of ${JSON.stringify(content)}`,
          )
      }),
    )
  })
})
