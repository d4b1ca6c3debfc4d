import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { createInboxTable, once, pruneInbox, type InboxTables } from '@bigtech/messaging'
import { openThreadedDatabase } from '@bigtech/sql'
import { tempDir } from '@bigtech/testkit'
import { isKeptNoMore, stillRemembered } from './republish-outboxes.ts'

test('who asks for what the outboxes have forgotten is told from when on they have their events', () => {
  const now = Date.parse('2026-01-31T09:00:00Z')
  const since = (time: string) => isKeptNoMore(Date.parse(time), now)
  assert.equal(
    since('2026-01-24T08:59:59Z'),
    'The services keep their events for 7 days: what they told before 2026-01-24T09:00:00.000Z is kept no more.',
  )
  assert.equal(since('2026-01-24T09:00:00Z'), undefined)
  assert.equal(since('2026-01-31T08:00:00Z'), undefined)
})

test('nothing is told again that its consumers may have forgotten, and would do once more', async (t) => {
  const db = await openThreadedDatabase<InboxTables>(join(tempDir(t), 'inbox.db'), 'test', {
    '0001_inbox': { up: createInboxTable },
  })
  t.after(() => db.destroy())
  const now = Date.parse('2026-01-31T09:00:00Z')
  const asked = Date.parse('2025-12-24T00:00:00Z')
  const handle = (at: number, told: number) =>
    once(db, { group: 'g', eventId: `${told}`, now: at }, async () => undefined)
  const earliest = stillRemembered(asked, now)
  for (const told of [earliest, earliest + 1, now]) assert.equal(await handle(told, told), true)
  await pruneInbox(db, { now: now + 3_600_000 })
  for (const told of [earliest, earliest + 1, now]) assert.equal(await handle(now, told), false)
  assert.equal(stillRemembered(now - 1_000, now), now - 1_000)
})
