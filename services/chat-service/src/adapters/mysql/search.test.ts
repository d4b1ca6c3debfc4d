import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { connectMysql } from '@bigtech/sql'
import { mysqlEngine, temporaryMysql } from '@bigtech/sql/testing'
import fc from 'fast-check'
import { searchText } from '../../domain/search-text.ts'
import { chatMysqlMigrations } from '../../migrations/index.ts'
import { createMysqlApply } from './apply.ts'
import { createMysqlMessageReads } from './message-reads.ts'
import { searchContract } from './search.contract.ts'
import { indexRooms } from './search-index.ts'
import { termsOf, wantedBy } from './search-terms.ts'
import type { ChatSchema } from './tables.ts'

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

suite('search on MySQL', { skip: mysqlEngine.skip }, () => {
  if (mysqlEngine.skip) return

  searchContract(async (t) => {
    const { db, options } = await temporaryMysql<ChatSchema>(t, chatMysqlMigrations)
    const other = await connectMysql<ChatSchema>(options)
    t.after(() => other.destroy())
    return {
      tables: { apply: createMysqlApply(db), messages: createMysqlMessageReads(db) },
      indexAll: [db, other].map((on) => async () => {
        const rooms = await on.selectFrom('rooms').select('id').execute()
        await indexRooms(
          on,
          rooms.map(({ id }) => id),
        )
      }),
      async indexed() {
        const rows = await db.selectFrom('search_terms').selectAll().execute()
        return rows.map(({ room_id, seq, term }) => `${room_id}/${seq}/${term.toString()}`).toSorted()
      },
      stale: () => db.selectFrom('search_stale').selectAll().execute(),
      async empty() {
        for (const table of TABLES) await db.deleteFrom(table).execute()
      },
    }
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
