import assert from 'node:assert/strict'
import { suite, test, type TestContext } from 'node:test'
import type { MysqlOptions } from '@bigtech/sql'
import { mysqlEngine, temporaryMysql } from '@bigtech/sql/testing'
import { startProxy } from '@bigtech/testkit'
import { chatMysqlMigrations } from '../../migrations/index.ts'
import type { SystemEvent } from '../../domain/message.ts'
import { chatPeopleContract, storedFile } from '../chat-people.contract.ts'
import { sequence } from '../chat-store.fixture.ts'
import type { Bodies } from '../partition/entries.ts'
import { fill } from './copy.fixture.ts'
import { forgetErased } from './erasures.ts'
import { messagesBeside } from './room-messages.ts'
import { openMysqlChat } from './open.ts'
import type { ChatDb, ChatSchema } from './tables.ts'

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

  test('who is erased is named nowhere, nor after the tables were made anew; whom they blocked is free', async (t) => {
    const { db, both } = await open(t)
    const { people } = both[0]
    const named = { username: 'u', profile_image_url: null, active: true }
    for (const [user_id, display_name] of [
      [1, '김민수'],
      [2, '이영희'],
      [3, '박'],
      [4, '김'],
    ] as const)
      // prettier-ignore
      await people.applyProfile({ event_id: `p${user_id}`, user_id, now: 1, profile: { ...named, display_name } })
    await people.applyBlock({ event_id: 'b1', now: 1, user_id: 1, blocked_user_id: 2, blocked: true })
    await people.applyBlock({ event_id: 'b2', now: 1, user_id: 3, blocked_user_id: 1, blocked: true })
    await fillRooms(db)
    const texts = async () =>
      (await db.selectFrom('messages').select('content').orderBy('room_id').orderBy('seq').execute()).map(
        ({ content }) => content,
      )
    const before = await texts()
    await Promise.all([1, 2].map((n) => both[n - 1]!.people.forget({ event_id: 'x', user_id: 1, now: 1 })))
    const after = before.map((content, i) =>
      i === 6 || i === 5 ? content : content.replaceAll('김민수', '탈퇴한 사용자'),
    )
    assert.deepEqual(await texts(), after)
    assert.ok(before.some((content, i) => content !== after[i]))
    const profiles = await both[1].people.profiles([1])
    assert.deepEqual(profiles.get(1), {
      user_id: 1,
      username: '',
      display_name: '탈퇴한 사용자',
      profile_image_url: null,
      active: false,
    })
    assert.deepEqual([await people.blocked(1, 2), await people.blocked(1, 3)], [false, false])
    for (const [i, content] of before.entries())
      await db
        .updateTable('messages')
        .set({ content })
        .where('room_id', '=', i < 6 ? 1 : 2)
        .where('seq', '=', i < 6 ? i + 1 : i - 5)
        .execute()
    for (const p of [0, 1]) await forgetErased(db, p, messagesBeside)
    assert.deepEqual(await texts(), after)
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

/** Room 1 (p 1) with people 1 and 2 of it, room 2 (p 0) of 3 and 4. The last message of 1 is somebody's own words. */
async function fillRooms(db: ChatDb): Promise<void> {
  const events: (readonly [room_id: number, by: number, content: string, system: SystemEvent | null])[] = [
    [1, 1, '김민수님이 채팅방을 만들었습니다', { kind: 'room_created', user_ids: [1, 2] }],
    [1, 2, '이영희님이 김민수님을 초대했습니다', { kind: 'member_joined', user_ids: [1], via: 'added' }],
    [
      1,
      2,
      '이영희님이 나갔습니다. 이제 김민수님이 방장입니다',
      { kind: 'member_left', user_ids: [2], via: 'left', new_owner: 1 },
    ],
    [1, 2, '이영희님의 권한이 관리자로 바뀌었습니다', { kind: 'role_changed', user_ids: [2], role: 'admin' }],
    [1, 1, '김민수님이 나갔습니다', { kind: 'member_left', user_ids: [1], via: 'left', new_owner: null }],
    [1, 2, '김민수 어디 갔어?', null],
    [2, 3, "박님이 채팅방 이름을 '김민수'로 바꿨습니다", { kind: 'room_renamed', name: '김민수' }],
  ]
  const seqs = new Map<number, number>()
  const rows = events.map(([room_id, user_id, content, event]) => {
    const seq = (seqs.get(room_id) ?? 0) + 1
    seqs.set(room_id, seq)
    const place = { room_id, seq, rev: seq, log_at: seq, sent_log_at: seq, created_at: 1 }
    const system = event && JSON.stringify(event)
    return { ...place, user_id, content, system, message_type: event ? 'system' : 'text' }
  })
  await fill(db, 'messages', rows)
  await fill(
    db,
    'uncounted',
    rows.filter(({ system }) => system !== null).map(({ room_id, seq }) => ({ room_id, seq })),
  )
  const room = { type: 'group', created_by: 1, created_at: 1, rev: 9, f: 9, member_count: 1, last_activity_at: 1 }
  await fill(
    db,
    'rooms',
    [1, 2].map((id) => ({ ...room, id, p: id % 2, last_seq: 9, log_at: 1 })),
  )
  await fill(db, 'former_members', [{ user_id: 1, room_id: 1, left_log_at: 1, via: 'left' }])
}
