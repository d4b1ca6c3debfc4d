import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { row } from '../../domain/message.fixture.ts'
import { searchText } from '../../domain/search-text.ts'
import type { ChatTables } from '../partition/ports.ts'
import { randomLog, type RandomLog } from './random-log.fixture.ts'
import { termsOf } from './search-terms.ts'

/** What a message is found by, of all that can be found. */
function termsOfAll({ rooms }: RandomLog): string[] {
  const found: string[] = []
  for (const [room, { rows }] of rooms)
    for (const { seq, content, file, message_type, deleted_at } of rows)
      if (message_type !== 'system' && deleted_at === null)
        for (const term of termsOf(searchText(content, file))) found.push(`${room}/${seq}/${term}`)
  return found.toSorted()
}

export type SearchUnderTest = Readonly<{
  tables: Readonly<{ apply: ChatTables['apply']; messages: Pick<ChatTables['messages'], 'search'> }>
  /** Brings all rooms up to their heads; of two processes. */
  indexAll: readonly (() => Promise<void>)[]
  /** room/seq/term */
  indexed(): Promise<readonly string[]>
  /** Texts that are no more, whose terms are still there. */
  stale(): Promise<readonly unknown[]>
  empty(): Promise<void>
}>

/** How messages are found, wherever they are. */
export function searchContract(open: (t: TestContext) => Promise<SearchUnderTest>): void {
  test('a message is found by what it says now, and by nothing it said: indexed by two while it is written', async (t) => {
    const { tables, indexAll, indexed, stale, empty } = await open(t)
    await fc.assert(
      fc.asyncProperty(randomLog, async (log) => {
        await empty()
        const work = { goesOn: true }
        const indexing = indexAll.map(async (index) => {
          while (work.goesOn) await index()
        })
        for (const [p, documents] of log.logs.entries())
          for (const document of documents) await tables.apply(p, [document])
        work.goesOn = false
        await Promise.all(indexing)
        await indexAll[0]!()
        assert.deepEqual(await indexed(), termsOfAll(log))
        assert.deepEqual(await stale(), [])
        await indexAll[1]!()
        assert.deepEqual(await indexed(), termsOfAll(log), 'again changes nothing')
      }),
      { numRuns: 15, interruptAfterTimeLimit: 60_000 },
    )
  })

  test('a search finds what was committed before it, also if nobody has indexed it; and page by page all of it once', async (t) => {
    const { tables } = await open(t)
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
      await tables.apply(room, [{ p: room, n: 1, term: 1, at: 5, by: 'a', entries: entries.slice(0, 200) }])
      await tables.apply(room, [{ p: room, n: 2, term: 1, at: 6, by: 'a', entries: entries.slice(200) }])
    }
    const found: string[] = []
    let before: string | null = null
    for (;;) {
      const hits: NonNullable<Awaited<ReturnType<typeof tables.messages.search>>> = (await tables.messages.search({
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
    const foreign = await tables.messages.search({ user_id: 1, words: ['김치'], room_id: null, before: '7', limit: 10 })
    assert.equal(foreign, undefined, 'a cursor of another store')
  })
}
