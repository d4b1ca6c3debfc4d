import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { SystemEvent } from '../../domain/message.ts'
import type { People } from '../partition/ports.ts'
import { fill } from './copy.fixture.ts'
import { forgetErased } from './erasures.ts'
import type { RoomMessages } from './room-messages.ts'
import type { ChatDb } from './tables.ts'

export type ErasureUnderTest = Readonly<{
  db: ChatDb
  /** Of two processes. */
  people: readonly [People, People]
  messages: RoomMessages
  /** What is beside the rooms goes where messages are. */
  moved(): Promise<void>
  /** By rooms, in order. */
  texts(): Promise<readonly string[]>
}>

/** What an erasure does to messages, wherever they are. */
export function erasureContract(open: (t: TestContext) => Promise<ErasureUnderTest>): void {
  test('who is erased is named nowhere, nor after the tables were made anew; whom they blocked is free', async (t) => {
    const { db, people: both, messages, moved, texts } = await open(t)
    const [people] = both
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
    await moved()
    const before = await texts()
    await Promise.all([1, 2].map((n) => both[n - 1]!.forget({ event_id: 'x', user_id: 1, now: 1 })))
    const after = before.map((content, i) =>
      i === 6 || i === 5 ? content : content.replaceAll('김민수', '탈퇴한 사용자'),
    )
    assert.deepEqual(await texts(), after)
    assert.ok(before.some((content, i) => content !== after[i]))
    const profiles = await both[1].profiles([1])
    assert.deepEqual(profiles.get(1), {
      user_id: 1,
      username: '',
      display_name: '탈퇴한 사용자',
      profile_image_url: null,
      active: false,
    })
    assert.deepEqual([await people.blocked(1, 2), await people.blocked(1, 3)], [false, false])
    for (const [i, content] of before.entries())
      await messages.setText(db, i < 6 ? { room_id: 1, seq: i + 1 } : { room_id: 2, seq: i - 5 }, content)
    for (const p of [0, 1]) await forgetErased(db, p, messages)
    assert.deepEqual(await texts(), after)
  })
}

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
