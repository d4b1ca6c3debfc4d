import assert from 'node:assert/strict'
import { suite, test, type TestContext } from 'node:test'
import type { MysqlOptions } from '@bigtech/sql'
import { mysqlEngine, temporaryMysql } from '@bigtech/sql/testing'
import { startProxy } from '@bigtech/testkit'
import { chatMysqlMigrations } from '../../migrations/index.ts'
import { chatPeopleContract, storedFile } from '../chat-people.contract.ts'
import { sequence } from '../chat-store.fixture.ts'
import type { Bodies } from '../partition/entries.ts'
import { fill } from './copy.fixture.ts'
import { erasureContract } from './erasures.contract.ts'
import { messagesBeside } from './room-messages.ts'
import { openMysqlChat } from './open.ts'
import type { ChatSchema } from './tables.ts'

suite('people and files on MySQL', { skip: mysqlEngine.skip }, () => {
  if (mysqlEngine.skip) return

  const openOne = async (t: TestContext, options: MysqlOptions) => {
    const chat = await openMysqlChat<Bodies>({ ...options, partitions: 2 })
    t.after(() => chat.close())
    return chat
  }
  /** Two pools on one empty database, as two processes have. */
  const open = async (t: TestContext) => {
    const { db, options } = await temporaryMysql<ChatSchema>(t, chatMysqlMigrations)
    return { db, options, both: [await openOne(t, options), await openOne(t, options)] as const }
  }

  chatPeopleContract('MySQL, two pools', async (t) => {
    const { both } = await open(t)
    const [here, there] = both.map((chat) => ({
      ...chat,
      closures: {
        prepare: (event: Parameters<typeof chat.people.prepareClosure>[0]) => chat.people.prepareClosure(event),
        cancel: (event: Parameters<typeof chat.people.cancelClosure>[0]) => chat.people.cancelClosure(event),
      },
    }))
    return [here!, there!]
  })

  test('a pair has one room, whichever of them asks, however many at once; groups have ids of their own', async (t) => {
    const { both } = await open(t)
    const ids = await Promise.all(
      sequence(1, 20).map((n) => (n % 3 ? both[n % 2]!.directory.direct(4, 9) : both[n % 2]!.directory.direct(9, 4))),
    )
    assert.equal(new Set(ids).size, 1)
    const others = await Promise.all(sequence(1, 10).map((n) => both[n % 2]!.directory.newGroup()))
    others.push(await both[0].directory.direct(4, 4), await both[1].directory.direct(4, 10))
    assert.equal(new Set([...ids, ...others]).size, 13)
  })

  test('a request that is repeated gets the group it asked for, also from two processes at once, for a day', async (t) => {
    const { both } = await open(t)
    const ask = (key: string) => Promise.all(sequence(1, 10).map((n) => both[n % 2]!.directory.newGroup(key)))
    const first = new Set([...(await ask('a/0')), ...(await ask('a/0'))])
    assert.equal(first.size, 1)
    assert.ok(!first.has((await ask('b/0'))[0]!))
    await both[0].prune(Date.now() + 25 * 3_600_000)
    assert.ok(!first.has((await ask('a/0'))[0]!))
  })

  test('what may be done so often a day is counted over all processes, each day anew', async (t) => {
    const { both } = await open(t)
    const DAY = 86_400_000
    const spend = (n: number, now: number, limit: number | undefined = 5) =>
      both[n % 2]!.quotas.spend(1, 'group', limit, now)
    const allowed = async (now: number) =>
      (await Promise.all(sequence(1, 20).map((n) => spend(n, now)))).filter(Boolean).length
    assert.equal(await allowed(DAY), 5)
    assert.equal(await allowed(2 * DAY - 1), 0)
    assert.equal(await allowed(2 * DAY), 5)
    assert.equal(await both[0].quotas.spend(1, 'group', undefined, 2 * DAY), true)
    assert.equal(await both[0].quotas.spend(1, 'invite_link', 1, 2 * DAY), true)
    assert.equal(await both[1].quotas.spend(2, 'group', 1, 2 * DAY), true)
  })

  test('a file that is attached is no orphan, and is seen by members in their time', async (t) => {
    const { db, both } = await open(t)
    await both[0].files.add(storedFile('f', 1))
    await fill(db, 'attachments', [{ file_id: 'f', room_id: 3, seq: 5 }])
    const member = { room_id: 3, role: 'member', join_f: 1, join_log_at: 1, joined_at: 1, read_seq: 0, read_log_at: 0 }
    const rest = { muted: 0, hidden: 0, settings_log_at: 0 }
    await fill(
      db,
      'members',
      [4, 5, 6].map((join_seq) => ({ ...member, ...rest, user_id: join_seq, join_seq })),
    )
    const seen = await Promise.all([1, 4, 5, 6, 7].map((user) => both[1].files.visibleTo('f', user)))
    assert.deepEqual(seen, [true, true, false, false, false])
    assert.deepEqual(await both[1].files.takeOrphans(100, 10), [], 'also before it is counted')
    await db.updateTable('files').set({ attachments: 1 }).execute()
    assert.deepEqual(await both[1].files.takeOrphans(100, 10), [])
  })

  erasureContract(async (t) => {
    const { db, both } = await open(t)
    return {
      db,
      people: [both[0].people, both[1].people],
      messages: messagesBeside,
      moved: async () => undefined,
      async texts() {
        const rows = await db.selectFrom('messages').select('content').orderBy('room_id').orderBy('seq').execute()
        return rows.map(({ content }) => content)
      },
    }
  })

  test('an event whose outcome is lost in an outage is told so, and is safe to repeat', async (t) => {
    const { db, options } = await open(t)
    const url = new URL(options.url)
    const proxy = await startProxy({ port: Number(url.port) })
    t.after(() => proxy.close())
    url.port = String(proxy.port)
    const limits = { connections: 1, connectTimeoutMs: 500, answerTimeoutMs: 500 }
    const far = await openOne(t, { ...options, ...limits, url: url.href })
    await far.check()
    const event = { event_id: 'c', user_id: 7, saga_id: 's', now: 1, traceparent: 't' }
    proxy.cut()
    await assert.rejects(far.people.prepareClosure(event), { code: 'STORAGE_UNAVAILABLE' })
    proxy.mend()
    for (let n = 0; n < 2; n++) await far.people.prepareClosure(event)
    assert.equal((await db.selectFrom('outbox').select('id').execute()).length, 1)
  })
})
