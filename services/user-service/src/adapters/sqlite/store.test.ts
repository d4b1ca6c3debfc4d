import assert from 'node:assert/strict'
import { join } from 'node:path'
import { it } from 'node:test'
import type { EventRecord } from '@bigtech/messaging'
import { outboxContract } from '@bigtech/messaging/testing'
import { openThreadedDatabase } from '@bigtech/sql'
import { tempDir, type Cleanup } from '@bigtech/testkit'
import { userMigrations } from '../../migrations/index.ts'
import { userStoreContract } from '../user-store.contract.ts'
import { createSqlOutbox } from './outbox.ts'
import type { UserSchema } from './schema.ts'
import { createSqlUserStore } from './store.ts'

const open = async (t: Cleanup) => {
  const db = await openThreadedDatabase<UserSchema>(join(tempDir(t), 'user.db'), 'user-service', userMigrations)
  t.after(() => db.destroy())
  return db
}

userStoreContract('SQLite', async (t) => createSqlUserStore(await open(t)))

outboxContract('the streams of users, SQLite', async (t) => {
  const db = await open(t)
  let version = 1
  const enqueue = async (records: EventRecord[], now: number) => {
    const rows = records.map((record) => ({
      user_id: 1,
      version: version++,
      event_type: record.value.event_type,
      data: '{}',
      event_id: record.value.event_id,
      occurred_at: now,
      record: JSON.stringify(record),
    }))
    await db.transaction().execute((tx) => tx.insertInto('user_events').values(rows).execute())
  }
  return { outbox: createSqlOutbox(db), enqueue }
})

it('a published event keeps its place in the stream, but no second copy of its data', async (t) => {
  const db = await open(t)
  const outbox = createSqlOutbox(db, { now: () => 77 })
  const row = { user_id: 1, version: 1, event_type: 'X', data: '{}', event_id: 'e', occurred_at: 5, record: '{}' }
  await db.insertInto('user_events').values(row).execute()
  await outbox.published([1])
  const kept = await db.selectFrom('user_events').selectAll().executeTakeFirstOrThrow()
  assert.deepEqual([kept.record, kept.published_at, kept.data], [null, 77, '{}'])
})
