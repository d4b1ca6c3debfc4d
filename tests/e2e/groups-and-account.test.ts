import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import {
  assertProblem,
  befriend,
  call,
  openDirect,
  openGroup,
  PASSWORD,
  register,
  registerAll,
  type Answer,
  type Person,
  type Profile,
  type Room,
} from '../support/index.ts'
import { friendIds, roomIds, isMessage, urls } from '../support/main-job-world.ts'

describe('a group of three', () => {
  it('invite link, roles, joining and leaving, each told by a system message', async (t) => {
    const [owner, member, guest] = await registerAll(urls, '주인', '회원', '손님')
    const sse = await member.sse(t)
    const room = await openGroup(owner, '점심 모임', member)
    const system = async (kind: string) =>
      (await sse.seen((frame) => frame.room_id === room.id && frame.message?.system?.kind === kind)).message!
    await sse.seen((frame) => frame.type === 'room_joined' && frame.room_id === room.id)
    await owner.say(room.id, '손님이 오기 전')

    const invitePath = `/chat-rooms/${room.id}/invite`
    assertProblem(await member.call('POST', invitePath, { body: {} }), 403, 'ROLE_REQUIRED')
    const { path } = await owner.post<{ path: string }>(invitePath, {})
    const joined = await guest.post<Room>(path)
    assert.equal(joined.id, room.id)
    const told = await system('member_joined')
    assert.deepEqual([told.system!.user_ids, told.system!.via, told.message_type], [[guest.id], 'invite', 'system'])
    assert.match(told.content, /손님/)
    const guestSees = (await guest.history(room.id)).items.map(({ content }) => content)
    assert.ok(!guestSees.includes('손님이 오기 전'), 'what was said before one came is not shown')
    await owner.del(invitePath)
    assertProblem(await guest.call('POST', path), 404, 'INVITE_NOT_FOUND')

    await owner.put(`/chat-rooms/${room.id}/members/${member.id}/role`, { role: 'admin' })
    assert.deepEqual((await system('role_changed')).system!.user_ids, [member.id])
    await member.patch(`/chat-rooms/${room.id}`, { name: '저녁 모임' })
    assert.equal((await system('room_renamed')).system!.name, '저녁 모임')
    const removal = await guest.call('DELETE', `/chat-rooms/${room.id}/members/${member.id}`)
    assertProblem(removal, 403, 'ROLE_REQUIRED')
    await member.del(`/chat-rooms/${room.id}/members/${guest.id}`)
    const removed = await system('member_left')
    assert.deepEqual([removed.system!.user_ids, removed.system!.via], [[guest.id], 'removed'])
    assertProblem(await guest.call('GET', `/messages/${room.id}`), 403, 'NOT_A_MEMBER')

    await owner.post(`/chat-rooms/${room.id}/leave`)
    const left = await sse.seen(({ message }) => message?.system?.via === 'left')
    assert.equal(left.message!.system!.new_owner, member.id)
    assert.equal((await member.room(room.id)).role, 'owner')
    assert.deepEqual(await roomIds(owner), [])
  })

  it('has exactly one owner, whatever happens at the same moment', async () => {
    const [owner, two, three, four] = await registerAll(urls, '주인', '둘', '셋', '넷')
    const role = (room: Room, who: Person, of: Person, role: string) =>
      who.call('PUT', `/chat-rooms/${room.id}/members/${of.id}/role`, { body: { role } })
    const leave = (room: Room, who: Person) => who.call('POST', `/chat-rooms/${room.id}/leave`)
    const races: ((room: Room) => Promise<Answer>[])[] = [
      (room) => [role(room, owner, two, 'owner'), role(room, owner, three, 'owner')],
      (room) => [leave(room, two), role(room, owner, two, 'owner')],
      (room) => [leave(room, owner), role(room, owner, two, 'owner')],
      (room) => [role(room, owner, two, 'owner'), owner.call('DELETE', `/chat-rooms/${room.id}/members/${two.id}`)],
      (room) => [role(room, owner, two, 'owner'), leave(room, owner), leave(room, two)],
    ]
    for (let round = 0; round < 5; round++)
      for (const [number, race] of races.entries()) {
        const room = await openGroup(owner, '경주', two, three, four)
        for (const { status, text } of await Promise.all(race(room))) assert.ok(status < 500, text)
        const { members } = await four.room(room.id)
        const owners = members.filter((member) => member.role === 'owner')
        assert.equal(owners.length, 1, `race ${number}: ${JSON.stringify(members)}`)
      }
  })

  it('whoever was removed does nothing more in it', async () => {
    const [owner, admin, other] = await registerAll(urls, '주인', '부방장', '남')
    for (let round = 0; round < 10; round++) {
      const room = await openGroup(owner, '모임', admin)
      await owner.put(`/chat-rooms/${room.id}/members/${admin.id}/role`, { role: 'admin' })
      await Promise.all([
        owner.del(`/chat-rooms/${room.id}/members/${admin.id}`),
        admin.call('PATCH', `/chat-rooms/${room.id}`, { body: { name: '내 마음대로' } }),
        admin.call('POST', `/chat-rooms/${room.id}/members`, { body: { user_ids: [other.id] } }),
        admin.call('POST', `/messages/${room.id}`, { body: { content: '아직 있다' } }),
      ])
      const { items } = await owner.history(room.id)
      const removed = items.findIndex(({ system }) => system?.via === 'removed')
      const after = items.slice(removed + 1).filter(({ user_id }) => user_id === admin.id)
      assert.deepEqual(after, [])
    }
  })

  it('the number beside a message counts those who have not read it', async (t) => {
    const [one, two, three] = await registerAll(urls, '하나', '둘', '셋')
    const room = await openGroup(one, '셋이서', two, three)
    const ws = await two.ws(t)
    const message = await one.say(room.id, '몇 명?')
    const count = async () => (await one.history(room.id)).items.find(({ id }) => id === message.id)!.unread_count
    assert.equal(await count(), 2)
    await ws.command({ type: 'read', room_id: room.id, seq: message.seq })
    assert.equal(await count(), 1)
    await three.say(room.id, '저도 봤어요')
    assert.equal(await count(), 0)
    assert.equal((await two.room(room.id)).unread_count, 1)
  })

  it('a message before one joined is no message: neither by id, nor by search, nor on the stream when it changes', async (t) => {
    const [owner, member, late] = await registerAll(urls, '주인', '회원', '늦은이')
    const room = await openGroup(owner, '모임', member)
    const early = await owner.say(room.id, '일급비밀 이야기')
    await owner.post(`/chat-rooms/${room.id}/members`, { user_ids: [late.id] })
    const sse = await late.sse(t)
    await owner.patch(`/messages/${room.id}/${early.id}`, { content: '일급비밀 고침' })
    await sse.seen((frame) => frame.type === 'skip' && frame.room_id === room.id)
    await owner.say(room.id, '공개')
    await sse.seen(isMessage('공개'))
    assert.ok(!JSON.stringify(sse.frames).includes('일급비밀'))
    const path = `/messages/${room.id}/${early.id}`
    for (const answer of [
      await late.call('GET', `${path}/readers`),
      await late.call('PUT', `${path}/pin`),
      await late.call('DELETE', path),
    ])
      assertProblem(answer, 404, 'MESSAGE_NOT_FOUND')
    for (const url of [
      `/messages/${room.id}?around_seq=1`,
      `/messages/${room.id}/changes?since_rev=0`,
      `/messages/search?q=${encodeURIComponent('일급비밀')}`,
    ])
      assert.ok(!(await late.call('GET', url)).text.includes('일급비밀'), url)
  })
})

describe('account', () => {
  it('export holds what is one’s own, and nothing else', async () => {
    const [one, other] = await registerAll(urls, '하나', '둘')
    await befriend(one, other)
    await one.patch('/profile/me', { phone: '010-1111-2222', status_message: '상태' })
    type Export = {
      profile: Profile
      sessions: unknown[]
      friend_ids: number[]
      activities: { activity_type: string }[]
    }
    await eventually(async () => {
      const data = await one.get<Export>('/users/me/export')
      assert.equal(data.profile.email, one.email)
      assert.equal(data.profile.phone, '010-1111-2222')
      assert.equal(data.sessions.length, 1)
      assert.deepEqual(data.friend_ids, [other.id])
      const types = data.activities.map(({ activity_type }) => activity_type)
      for (const type of ['user_created', 'user_login', 'user_updated']) assert.ok(types.includes(type), type)
      assert.ok(!JSON.stringify(data).includes(other.email))
    })
  })

  it('closure: locked at once, then gone from friends, rooms and sign-in', async (t) => {
    const [leaver, friend, third] = await registerAll(urls, '떠나는이', '친구', '셋째')
    await befriend(leaver, friend)
    const direct = await openDirect(leaver, friend)
    await leaver.say(direct.id, '안녕히')
    const group = await openGroup(leaver, '남는 모임', friend, third)
    const [mine, theirs] = [await leaver.ws(t), await friend.sse(t)]
    const wrong = await leaver.call('DELETE', '/users/me', { body: { password: 'not mine at all' } })
    assertProblem(wrong, 400, 'PASSWORD_WRONG')
    const closing = await leaver.call('DELETE', '/users/me', { body: { password: PASSWORD } })
    assert.equal(closing.status, 202, closing.text)
    assert.equal((await mine.closed()).code, 4501)
    assertProblem(await leaver.call('GET', '/profile/me'), 401, 'TOKEN_INVALID')

    await theirs.seen(({ message }) => message?.system?.via === 'closed' && message.room_id === group.id)
    await eventually(async () => {
      assert.deepEqual(await friendIds(friend), [])
      const { members, role } = await friend.room(group.id)
      assert.deepEqual(
        members.map(({ user_id }) => user_id).sort((a, b) => a - b),
        [friend.id, third.id].sort((a, b) => a - b),
      )
      assert.ok(role === 'owner' || (await third.room(group.id)).role === 'owner')
      assertProblem(await friend.call('GET', `/users/${leaver.id}`), 404, 'USER_NOT_FOUND')
      const login = await call('POST', `${urls.gateway}/api/auth/login/json`, {
        body: { email: leaver.email, password: PASSWORD },
      })
      assertProblem(login, 401, 'CREDENTIALS_INVALID')
    })
    const { items } = await friend.history(direct.id)
    assert.deepEqual(
      items.filter(({ message_type }) => message_type === 'text').map(({ content }) => content),
      ['안녕히'],
      'what was said to others stays theirs',
    )
    const send = await friend.call('POST', `/messages/${direct.id}`, { body: { content: '거기 있어요?' } })
    assertProblem(send, 403, 'PARTNER_GONE')
    const gone = await friend.get<{ id: number; status: string; username: string; display_name: string }[]>(
      `/users?user_ids=${leaver.id}`,
    )
    assert.equal(gone[0]!.status, 'closed')
    assert.notEqual(gone[0]!.display_name, '떠나는이')
    const username = leaver.email.split('@')[0]!
    const fields = { email: leaver.email, username, password: PASSWORD }
    const again = await call('POST', `${urls.gateway}/api/auth/register`, { body: fields })
    assert.equal(again.status, 201, 'the address is free again')
  })

  it('refresh rotates, a reused refresh token ends the session, sign-out ends the stream', async (t) => {
    const one = await register(urls, '하나')
    const refresh = (refresh_token: string) =>
      call('POST', `${urls.gateway}/api/auth/refresh`, { body: { refresh_token } })
    const second = await refresh(one.refreshToken)
    assert.equal(second.status, 200, second.text)
    const pair = second.json() as { access_token: string; refresh_token: string }
    const repeated = await refresh(one.refreshToken)
    assert.equal(repeated.status, 200, 'the answer may have been lost')
    assert.equal((repeated.json() as typeof pair).refresh_token, pair.refresh_token)
    const third = await refresh(pair.refresh_token)
    assert.equal(third.status, 200)
    assertProblem(await refresh(one.refreshToken), 401, 'REFRESH_TOKEN_REUSED')
    const { refresh_token } = third.json() as typeof pair
    assertProblem(await refresh(refresh_token), 401, 'REFRESH_TOKEN_INVALID')
    assertProblem(await one.call('GET', '/profile/me'), 401, 'TOKEN_INVALID')
    const again = await one.signIn()
    const sse = await again.sse(t)
    await again.post('/auth/logout')
    const goodbye = await sse.seen('goodbye')
    assert.deepEqual([goodbye.code, goodbye['reconnect']], [4501, false])
    await sse.closed()
  })
})
