import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { openSqliteDatabase } from '@bigtech/sql'
import { tempDir } from '@bigtech/testkit'
import fc from 'fast-check'
import { chat } from '../../migrations/0001-chat.ts'
import { migrations } from '../../migrations/index.ts'
import { createRevisions } from './revisions.ts'

const ROOM = 1
type Step = { change: number | null }
/** A new message, or a change of an earlier one. */
const steps = fc.array(fc.record({ change: fc.option(fc.nat(30), { nil: null }) }), { maxLength: 40 })

/** seq → rev after all steps, as the writer would leave them; `rows` sees each in turn. */
function play(
  list: readonly Step[],
  tables: { insert(seq: number, rev: number): void; change(seq: number, rev: number): void },
) {
  const revs: number[] = []
  let rev = 0
  for (const { change } of list) {
    if (change === null || revs.length === 0) {
      revs.push(++rev)
      tables.insert(revs.length, rev)
    } else {
      const seq = (change % revs.length) + 1
      revs[seq - 1] = ++rev
      tables.change(seq, rev)
    }
  }
  return { revs, head: rev }
}

const INSERT = `INSERT INTO messages (room_id, seq, rev, pos, user_id, message_type, content, created_at) VALUES (${ROOM}, ?, ?, ?, 1, 'text', '', 1)`

function assertComplete(db: DatabaseSync, revs: readonly number[], head: number): void {
  const revisions = createRevisions(db, 3)
  for (let since = 0; since <= head; since++) {
    const expected = revs.filter((rev) => rev > since).sort((a, b) => a - b)
    for (const limit of [1, 2, 7]) {
      const seen: number[] = []
      for (let from = since, pages = 0; ; pages++) {
        assert.ok(pages <= head + 1, 'every page moves on')
        const { rows, upTo } = revisions.after(ROOM, from, limit)
        assert.ok(rows.length <= limit)
        seen.push(...rows.map((row) => row.rev))
        if (upTo === null) break
        assert.ok(upTo > from)
        from = upTo
      }
      assert.deepEqual(seen, expected, `since ${since}, ${limit} at a time`)
    }
    assert.equal(revisions.at(ROOM, since), Math.max(0, ...revs.filter((rev) => rev <= since)))
  }
}

test('every row above a revision is found once, in order, whatever was changed', async (t) => {
  const file = join(tempDir(t), 'chat.db')
  await (await openSqliteDatabase(file, 'chat', migrations)).destroy()
  const db = new DatabaseSync(file)
  t.after(() => db.close())
  const insert = db.prepare(INSERT)
  const change = db.prepare('UPDATE messages SET first_rev = coalesce(first_rev, rev), rev = ?, pos = ? WHERE seq = ?')
  fc.assert(
    fc.property(steps, (list) => {
      db.exec('DELETE FROM messages')
      const { revs, head } = play(list, {
        insert: (seq, rev) => void insert.run(seq, rev, rev),
        change: (seq, rev) => void change.run(rev, rev, seq),
      })
      assertComplete(db, revs, head)
    }),
    { numRuns: 150 },
  )
})

test('what was changed before there was a first_rev is found as well', async (t) => {
  const folder = tempDir(t)
  let run = 0
  await fc.assert(
    fc.asyncProperty(steps, async (list) => {
      const file = join(folder, `${run++}.db`)
      await (await openSqliteDatabase(file, 'chat', { '0001_chat': chat })).destroy()
      const old = new DatabaseSync(file)
      const insert = old.prepare(INSERT)
      const change = old.prepare('UPDATE messages SET rev = ?, pos = ? WHERE seq = ?')
      const { revs, head } = play(list, {
        insert: (seq, rev) => void insert.run(seq, rev, rev),
        change: (seq, rev) => void change.run(rev, rev, seq),
      })
      old.close()
      await (await openSqliteDatabase(file, 'chat', migrations)).destroy()
      const db = new DatabaseSync(file)
      try {
        assertComplete(db, revs, head)
      } finally {
        db.close()
      }
    }),
    { numRuns: 25 },
  )
})
