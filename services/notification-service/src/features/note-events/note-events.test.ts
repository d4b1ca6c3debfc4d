import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import {
  ChatRoomCreated,
  MessageDeleted,
  MessageReactionAdded,
  MessageReactionRemoved,
  RoomMemberLeft,
  RoomMembersJoined,
} from '@bigtech/chat-service/contract'
import { FriendRequestAccepted, FriendRequestCancelled, FriendRequestSent } from '@bigtech/friend-service/contract'
import { UserBlocked } from '@bigtech/friend-service/contract'
import { UserClosed, UserLoggedIn, UserPasswordChanged } from '@bigtech/user-service/contract'
import type { NotificationView } from '../../contract/schemas.ts'
import { EMMA, JIWOO, MINSU, startService } from '../../notification-service.fixture.ts'

type Inbox = { items: NotificationView[]; next_cursor: string | null; unread_count: number }

async function start(t: TestContext) {
  const service = await startService(t)
  const inbox = async (user: number, query = '') => {
    await service.handled()
    return (await service.call<Inbox>(user, 'GET', `/notifications${query}`)).body
  }
  const texts = async (user: number) => (await inbox(user)).items.map(({ text }) => text)
  return { ...service, inbox, texts }
}

const asks = (request_id: number, from_user_id: number, to_user_id: number) =>
  FriendRequestSent.make({ request_id, from_user_id, to_user_id })
const message = { message_id: 'msg_1_1', room_id: 1, seq: 1 }
const reacts = (user_id: number, rev: number, emoji = '👍') =>
  MessageReactionAdded.make({ ...message, user_id, rev, emoji, author_id: JIWOO })

describe('what others do', () => {
  it('is in the list of whom it concerns, in words, with a link, and told to open connections and devices', async (t) => {
    const { tell, inbox, frames, device, arrived } = await start(t)
    await device(JIWOO, 'phone')
    await tell(asks(7, MINSU, JIWOO))
    const { items, unread_count } = await inbox(JIWOO)
    const [{ text, link, kind, actors, read_at }] = items as [NotificationView]
    assert.deepEqual(
      [text, link, kind, actors[0]!.display_name, read_at, unread_count],
      ['민수님이 친구 요청을 보냈어요', '/friends', 'friend_request', '민수', null, 1],
    )
    assert.deepEqual((await inbox(MINSU)).items, [])
    const [[user, frame]] = frames as [(typeof frames)[0]]
    assert.deepEqual([user, frame['type'], frame['unread_count']], [JIWOO, 'notification', 1])
    const [pushed] = await arrived()
    assert.equal(pushed!.payload.body, text)
  })

  it('goes from the devices when it is taken back, or read elsewhere', async (t) => {
    const { tell, device, arrived, inbox, call } = await start(t)
    await device(JIWOO, 'phone')
    const payloads = async () => (await arrived()).map(({ payload: { kind, tag, unread } }) => [kind, tag, unread])
    await tell(asks(7, MINSU, JIWOO))
    const [[, tag] = []] = await payloads()
    await tell(FriendRequestCancelled.make({ request_id: 7, from_user_id: MINSU, to_user_id: JIWOO }))
    assert.deepEqual(await payloads(), [['close', tag, 0]])
    await tell(asks(8, MINSU, JIWOO), asks(9, EMMA, JIWOO))
    assert.equal((await payloads()).length, 2)
    const [one] = (await inbox(JIWOO)).items
    await call(JIWOO, 'POST', '/notifications/read', { ids: [one!.id] })
    assert.deepEqual(await payloads(), [['close', `note:${one!.id}`, 1]])
  })

  it('is one notification of several people, while it is unread', async (t) => {
    const { tell, texts, call } = await start(t)
    await tell(reacts(MINSU, 2), reacts(EMMA, 3, '🎉'))
    assert.deepEqual(await texts(JIWOO), ['Emma님 외 1명이 내 메시지에 🎉 반응을 남겼어요'])
    await call(JIWOO, 'POST', '/notifications/read', { all: true })
    await tell(reacts(MINSU, 4))
    assert.deepEqual(await texts(JIWOO), [
      '민수님이 내 메시지에 👍 반응을 남겼어요',
      'Emma님 외 1명이 내 메시지에 🎉 반응을 남겼어요',
    ])
  })

  it('is taken back with what it tells of', async (t) => {
    const { tell, texts, device, arrived } = await start(t)
    await device(JIWOO, 'phone')
    await tell(reacts(MINSU, 2), reacts(EMMA, 3))
    const removes = (user_id: number, emoji: string) =>
      tell(MessageReactionRemoved.make({ ...message, user_id, rev: 4, emoji }))
    await removes(EMMA, '👍')
    assert.deepEqual(await texts(JIWOO), ['민수님이 내 메시지에 👍 반응을 남겼어요'])
    await tell(reacts(MINSU, 5, '🎉'))
    await removes(MINSU, '🎉')
    assert.deepEqual(await texts(JIWOO), ['민수님이 내 메시지에 👍 반응을 남겼어요'])
    await tell(MessageDeleted.make({ ...message, user_id: JIWOO, rev: 5 }))
    assert.deepEqual(await texts(JIWOO), [])
    await tell(asks(7, MINSU, JIWOO))
    await tell(FriendRequestCancelled.make({ request_id: 7, from_user_id: MINSU, to_user_id: JIWOO }))
    assert.deepEqual(await texts(JIWOO), [])
    assert.deepEqual(await arrived(), [])
  })

  it('that is answered is told to the other, and leaves the list', async (t) => {
    const { tell, texts } = await start(t)
    await tell(asks(7, MINSU, JIWOO))
    await tell(FriendRequestAccepted.make({ request_id: 7, from_user_id: MINSU, to_user_id: JIWOO }))
    assert.deepEqual(await texts(MINSU), ['지우님이 친구 요청을 수락했어요'])
    assert.deepEqual(await texts(JIWOO), [])
  })

  it('is told once, however often its event comes', async (t) => {
    const { tell, texts, device, arrived } = await start(t)
    await device(JIWOO, 'phone')
    const event = reacts(MINSU, 2)
    await tell(event, event)
    assert.equal((await arrived()).length, 1)
    await tell(event)
    assert.equal((await texts(JIWOO)).length, 1)
    assert.deepEqual(await arrived(), [])
  })

  it('that is one’s own doing, of somebody who is blocked, or not wanted, is not told', async (t) => {
    const { tell, texts, call, device, arrived } = await start(t)
    await device(JIWOO, 'phone')
    await tell(UserBlocked.make({ user_id: JIWOO, blocked_user_id: MINSU }))
    await call(JIWOO, 'PUT', '/notifications/settings', { kinds: { friend_request: { in_app: false, push: true } } })
    await tell(reacts(JIWOO, 2), reacts(MINSU, 3))
    await tell(asks(7, EMMA, JIWOO))
    assert.deepEqual(await texts(JIWOO), [])
    assert.deepEqual(
      (await arrived()).map(({ payload }) => payload.body),
      ['Emma님이 친구 요청을 보냈어요'],
    )
  })

  it('wakes nobody in quiet hours, but for what concerns the safety of the account', async (t) => {
    const { tell, texts, call, device, arrived } = await start(t)
    await device(JIWOO, 'phone')
    const quiet_hours = { from: '00:00', to: '00:00', time_zone: 'Asia/Seoul' }
    await call(JIWOO, 'PUT', '/notifications/settings', { quiet_hours })
    await tell(asks(7, MINSU, JIWOO), UserPasswordChanged.make({ user_id: JIWOO }))
    assert.deepEqual(
      (await arrived()).map(({ payload }) => payload.body),
      ['비밀번호가 변경됐어요'],
    )
    assert.equal((await texts(JIWOO)).length, 2)
  })

  it('in a room is read with the room', async (t) => {
    const { room, inbox, device, arrived } = await start(t)
    await device(JIWOO, 'phone')
    const place = room(1, [MINSU, JIWOO])
    await place.say(MINSU, '@지우', { mentions: [JIWOO] })
    await place.say(MINSU, '답장', { reply_to_user_id: JIWOO })
    const { items, unread_count } = await inbox(JIWOO)
    assert.deepEqual(
      items.map(({ kind, link }) => [kind, link]),
      [
        ['reply', '/rooms/1?at=2'],
        ['mention', '/rooms/1?at=1'],
      ],
    )
    assert.equal(unread_count, 2)
    await place.read(JIWOO, 1)
    assert.equal((await inbox(JIWOO)).unread_count, 1)
    await place.read(JIWOO, 2)
    assert.equal((await inbox(JIWOO)).unread_count, 0)
    assert.deepEqual(await arrived(), [])
  })

  it('to everybody is in the list of each who has not read it', async (t) => {
    const { room, texts } = await start(t)
    const place = room(1, [MINSU, JIWOO, EMMA])
    place.change(EMMA, { read_seq: 5 })
    await place.say(MINSU, '@모두 모여라', { mentions_everyone: true })
    assert.deepEqual(await texts(JIWOO), ['민수님이 나를 언급했어요'])
    assert.deepEqual([await texts(EMMA), await texts(MINSU)], [[], []])
  })

  it('is a room somebody was put into, a password that changed, a new device', async (t) => {
    const { tell, texts } = await start(t)
    const made = {
      room_id: 3,
      room_type: 'group' as const,
      name: '모임',
      created_by: MINSU,
      member_ids: [MINSU, JIWOO],
    }
    await tell(ChatRoomCreated.make(made), UserPasswordChanged.make({ user_id: JIWOO }))
    await tell(UserLoggedIn.make({ user_id: JIWOO, is_new_device: true }))
    await tell(UserLoggedIn.make({ user_id: JIWOO, is_new_device: false }))
    const told = ['민수님이 대화방에 초대했어요', '비밀번호가 변경됐어요', '새 기기에서 로그인했어요']
    assert.deepEqual((await texts(JIWOO)).sort(), told)
    assert.deepEqual(await texts(MINSU), [])
  })

  it('in a room is nothing to who left it or was removed; who is put into it again is told again', async (t) => {
    const { tell, texts, frames, device, arrived } = await start(t)
    await device(JIWOO, 'phone')
    const joins = (member_ids: number[]) =>
      RoomMembersJoined.make({ room_id: 1, user_id: MINSU, member_ids, via: 'added' })
    await tell(joins([JIWOO, EMMA]), reacts(MINSU, 2))
    await texts(JIWOO)
    frames.length = 0
    await tell(RoomMemberLeft.make({ room_id: 1, user_id: JIWOO, via: 'removed', new_owner: null }))
    assert.deepEqual([await texts(JIWOO), await texts(EMMA)], [[], ['민수님이 대화방에 초대했어요']])
    assert.deepEqual(
      frames.map(([user, { type, unread_count }]) => [user, type, unread_count]),
      [[JIWOO, 'notifications_changed', 0]],
    )
    assert.deepEqual(await arrived(), [])
    await tell(joins([JIWOO]))
    assert.deepEqual(await texts(JIWOO), ['민수님이 대화방에 초대했어요'])
  })

  it('of somebody whose account is closed is nobody’s, and what was told them is gone', async (t) => {
    const { tell, texts } = await start(t)
    await tell(reacts(MINSU, 2), reacts(EMMA, 3), asks(7, JIWOO, MINSU))
    await tell(UserClosed.make({ user_id: MINSU, saga_id: 's' }))
    assert.deepEqual(await texts(JIWOO), ['Emma님이 내 메시지에 👍 반응을 남겼어요'])
    assert.deepEqual(await texts(MINSU), [])
  })
})

describe('the list', () => {
  it('has what is unread first, page by page, and each is read alone or with all', async (t) => {
    const { tell, inbox, call, clock, frames, handled } = await start(t)
    for (const seq of [1, 2, 3, 4, 5]) {
      await tell(
        MessageReactionAdded.make({
          ...message,
          seq,
          message_id: `msg_1_${seq}`,
          user_id: MINSU,
          rev: seq,
          emoji: '👍',
          author_id: JIWOO,
        }),
      )
      await handled()
      clock.advance(1_000)
    }
    const all = (await inbox(JIWOO)).items
    assert.deepEqual(
      all.map(({ seq }) => seq),
      [5, 4, 3, 2, 1],
    )
    frames.length = 0
    const ids = [all[0]!.id, all[2]!.id]
    const { body } = await call<{ unread_count: number }>(JIWOO, 'POST', '/notifications/read', { ids })
    assert.equal(body.unread_count, 3)
    assert.deepEqual(frames, [[JIWOO, { type: 'notifications_changed', unread_count: 3 }]])
    await call(MINSU, 'POST', '/notifications/read', { ids: [all[1]!.id] })
    const seen: (number | null)[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Inbox = await inbox(JIWOO, `?limit=2${cursor && `&cursor=${cursor}`}`)
      seen.push(...page.items.map(({ seq }) => seq))
      cursor = page.next_cursor
    }
    assert.deepEqual(seen, [4, 2, 1, 5, 3])
    await call(JIWOO, 'POST', '/notifications/read', { all: true })
    assert.equal((await call<Inbox>(JIWOO, 'GET', '/notifications/count')).body.unread_count, 0)
  })

  it('forgets what is older than 90 days', async (t) => {
    const { tell, texts, clock, database } = await start(t)
    await tell(reacts(MINSU, 2))
    assert.equal((await texts(JIWOO)).length, 1)
    clock.advance(91 * 86_400_000)
    assert.deepEqual(await texts(JIWOO), [])
    await database.notes.prune(clock.now())
    assert.equal(await database.notes.get(1), undefined)
  })

  it('says what was expected of a wrong call', async (t) => {
    const { call } = await start(t)
    for (const [method, url, body] of [
      ['POST', '/notifications/read', {}],
      ['POST', '/notifications/read', { ids: [] }],
      ['POST', '/notifications/read', { ids: ['1'] }],
      ['PUT', '/notifications/settings', { kinds: { message: { push: 'sometimes' } } }],
      ['PUT', '/notifications/settings', { quiet_hours: { from: '25:00', to: '07:00', time_zone: 'Asia/Seoul' } }],
      ['PUT', '/notifications/settings', { quiet_hours: { from: '22:00', to: '07:00', time_zone: 'Mars/Base' } }],
      ['PUT', '/notifications/subscriptions', { endpoint: 'https://push.example.com/a' }],
    ] as const) {
      const { status } = await call(JIWOO, method, url, body)
      assert.equal(status, 422, JSON.stringify(body))
    }
  })
})
