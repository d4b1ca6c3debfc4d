import assert from 'node:assert/strict'
import { join } from 'node:path'
import { it } from 'node:test'
import { openSqlite, openThreadedDatabase } from '@bigtech/sql'
import { tempDir } from '@bigtech/testkit'
import { openUserDatabase } from '../../adapters/index.ts'
import { userMigrations } from '../index.ts'

it('what waited to be published goes on waiting, in order; what was handled stays handled', async (t) => {
  const file = join(tempDir(t), 'user.db')
  const older = Object.fromEntries(Object.entries(userMigrations).slice(0, 2))
  await (await openThreadedDatabase(file, 'user-service', older)).destroy()
  const db = openSqlite(file)
  const record = (n: number) =>
    JSON.stringify({ topic: 'user.events', key: `${n}`, value: { event_id: `e${n}` }, headers: { h: 'ㅎ' } })
  const insert = db.prepare(
    `INSERT INTO user_events (user_id, version, event_type, data, event_id, occurred_at, record, published_at, parked_at, attempts)
     VALUES (1, ?1, 'X', '{}', 'e' || ?1, 100 + ?1, ?2, ?3, ?4, ?5)`,
  )
  insert.run(1, null, 150, null, 0)
  insert.run(2, record(2), null, null, 0)
  insert.run(3, record(3), null, 160, 8)
  insert.run(4, record(4), null, null, 2)
  db.exec("INSERT INTO handled_events VALUES ('known', 5)")
  db.close()

  const { outbox, store, close } = await openUserDatabase(file)
  t.after(close)
  const waiting = await outbox.claim({ owner: 'a', limit: 10, leaseMs: 1_000, now: 1_000 })
  assert.deepEqual(
    waiting.map(({ record: { topic, key, value, headers }, attempts, created_at }) => [
      topic,
      key,
      value,
      headers,
      attempts,
      created_at,
    ]),
    [
      ['user.events', '2', { event_id: 'e2' }, { h: 'ㅎ' }, 0, 102],
      ['user.events', '4', { event_id: 'e4' }, { h: 'ㅎ' }, 2, 104],
    ],
  )
  assert.deepEqual(
    (await outbox.parked({ limit: 10 })).map((row) => row.record.key),
    ['3'],
  )
  assert.equal((await store.users.stream(1)).length, 4)
  assert.equal(await store.transaction((tx) => tx.markHandled('known', 9)), false)
  assert.equal(await store.transaction((tx) => tx.markHandled('new', 9)), true)
})
