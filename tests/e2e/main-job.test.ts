import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import sharp from 'sharp'
import {
  assertProblem,
  befriend,
  call,
  openDirect,
  openGroup,
  PASSWORD,
  register,
  registerAll,
  startTestServer,
  type Answer,
  type Frame,
  type Member,
  type Message,
  type Page,
  type Person,
  type Profile,
  type Room,
  type StoredFile,
} from '../support/index.ts'

/** What the system is for: people register, become friends, open a room and talk. */
const { urls } = await startTestServer({ after })

type Friend = { user_id: number; display_name: string; online: boolean | null }
type Request = { id: number; status: string; from_user_id: number; to_user_id: number }

const friendIds = async (who: Person) => (await who.get<Page<Friend>>('/friends')).items.map(({ user_id }) => user_id)
const roomIds = async (who: Person) => (await who.get<Page<Room>>('/chat-rooms')).items.map(({ id }) => id)
const isMessage = (text: string) => (frame: Frame) => frame.message?.content === text

describe('friends', () => {
  it('ask, see the request, accept, and see each other', async () => {
    const [one, other] = await registerAll(urls, '하나', '둘')
    const asked = await one.post<Request>('/friends/request', { target_user_id: other.id })
    assert.equal(asked.status, 'pending')
    const received = await other.get<Page<Request & { user: Friend }>>('/friends/requests?direction=received')
    assert.deepEqual(
      received.items.map(({ id, user }) => [id, user.user_id, user.display_name]),
      [[asked.id, one.id, '하나']],
    )
    const sent = await one.get<Page<Request>>('/friends/requests?direction=sent')
    assert.deepEqual(
      sent.items.map(({ id }) => id),
      [asked.id],
    )
    assertProblem(await one.call('POST', `/friends/requests/${asked.id}/accept`), 404, 'REQUEST_NOT_FOUND')
    assert.equal((await other.post<Request>(`/friends/requests/${asked.id}/accept`)).status, 'accepted')
    assert.deepEqual([await friendIds(one), await friendIds(other)], [[other.id], [one.id]])
    await one.del(`/friends/${other.id}`)
    assert.deepEqual([await friendIds(one), await friendIds(other)], [[], []])
  })

  it('two crossing requests become one friendship, also at the same moment', async () => {
    const [one, other] = await registerAll(urls, '하나', '둘')
    const answers = await Promise.all([
      one.post<Request>('/friends/request', { target_user_id: other.id }),
      other.post<Request>('/friends/request', { target_user_id: one.id }),
    ])
    assert.deepEqual(answers.map(({ status }) => status).sort(), ['accepted', 'pending'])
    assert.deepEqual([await friendIds(one), await friendIds(other)], [[other.id], [one.id]])
    for (const who of [one, other]) {
      assert.equal((await who.get<Page<Request>>('/friends/requests?direction=sent')).items.length, 0)
      assert.equal((await who.get<Page<Request>>('/friends/requests?direction=received')).items.length, 0)
    }
    assertProblem(
      await one.call('POST', '/friends/request', { body: { target_user_id: other.id } }),
      400,
      'ALREADY_FRIENDS',
    )
  })

  it('reject and cancel leave nothing open, and one may ask again', async () => {
    const [one, other] = await registerAll(urls, '하나', '둘')
    const ask = () => one.post<Request>('/friends/request', { target_user_id: other.id })
    const first = await ask()
    await other.post(`/friends/requests/${first.id}/reject`)
    assertProblem(await other.call('POST', `/friends/requests/${first.id}/accept`), 409, 'REQUEST_CLOSED')
    const second = await ask()
    await one.post(`/friends/requests/${second.id}/cancel`)
    assertProblem(await other.call('POST', `/friends/requests/${second.id}/accept`), 409, 'REQUEST_CLOSED')
    assert.deepEqual(await friendIds(one), [])
  })

  it('presence is for friends only, over HTTP and on the stream', async (t) => {
    const [one, friend, stranger] = await registerAll(urls, '하나', '친구', '남')
    await befriend(one, friend)
    const presenceFor = async (who: Person) =>
      (await who.get<{ user_id: number; online: boolean }[]>(`/presence?user_ids=${one.id}`))[0]!.online
    const [friendSees, strangerSees] = [await friend.sse(t), await stranger.sse(t)]
    await eventually(async () => {
      await one.post('/presence/offline')
      await one.post('/presence/heartbeat')
      assert.equal(await presenceFor(friend), true)
    })
    const came = await friendSees.seen((frame) => frame.type === 'presence' && frame.user_id === one.id)
    assert.equal(typeof came['online'], 'boolean')
    assert.equal((await friend.get<Page<Friend>>('/friends')).items[0]!.online, true)
    assert.equal(await presenceFor(stranger), false)
    await one.post('/presence/offline')
    await friendSees.seen((frame) => frame.type === 'presence' && frame['online'] === false)
    assert.equal(await presenceFor(friend), false)
    assert.ok(!strangerSees.frames.some(({ type }) => type === 'presence'))
  })

  it('a block hides, stops requests and direct messages in both directions, and can be taken back', async () => {
    const [one, other] = await registerAll(urls, '하나', '둘')
    await befriend(one, other)
    const room = await openDirect(one, other)
    await one.say(room.id, '아직 친구')
    await one.put(`/friends/blocks/${other.id}`)
    assert.deepEqual([await friendIds(one), await friendIds(other)], [[], []])
    assertProblem(
      await one.call('POST', '/friends/request', { body: { target_user_id: other.id } }),
      400,
      'YOU_BLOCKED',
    )
    // The blocked one is not told: no error names the block.
    const request = await other.call('POST', '/friends/request', { body: { target_user_id: one.id } })
    assert.ok(!request.text.includes('BLOCK'), request.text)
    assert.deepEqual((await one.get<Page<Request>>('/friends/requests')).items, [])
    await eventually(async () => {
      for (const who of [one, other]) {
        const send = await who.call('POST', `/messages/${room.id}`, { body: { content: '막힘' } })
        assertProblem(send, 403, 'BLOCKED')
      }
      const search = `/users/search?q=${encodeURIComponent(one.email.split('@')[0]!)}`
      assert.deepEqual((await other.get<Page<Profile>>(search)).items, [])
    })
    await one.del(`/friends/blocks/${other.id}`)
    await eventually(() => other.say(room.id, '다시'))
    assert.equal((await one.history(room.id)).items.length, 2)
  })
})

describe('talking', () => {
  it('over HTTP, SSE and WebSocket, with unread numbers on both sides', async (t) => {
    const [one, other] = await registerAll(urls, '하나', '둘')
    await befriend(one, other)
    const [oneSse, otherWs] = [await one.sse(t), await other.ws(t)]
    const room = await openDirect(one, other)
    assert.equal((await openDirect(other, one)).id, room.id)
    assert.equal(room.name, '둘')
    const first = await one.say(room.id, '안녕하세요!')
    assert.deepEqual([first.seq, first.unread_count, first.user_id], [1, 1, one.id])
    assert.equal((await otherWs.seen(isMessage('안녕하세요!'))).message!.id, first.id)

    const ack = await otherWs.command({ type: 'send', room_id: room.id, content: '네, 안녕하세요', reply_to: first.id })
    assert.equal(ack.type, 'ack')
    const reply = (await oneSse.seen(isMessage('네, 안녕하세요'))).message!
    assert.equal(reply.reply_to, first.id)
    assert.equal((await one.history(room.id)).items[0]!.unread_count, 0, 'answering is reading')

    const unread = async (who: Person) => (await who.get<Page<Room>>('/chat-rooms')).items[0]!.unread_count
    assert.deepEqual([await unread(one), await unread(other)], [1, 0])
    const read = await one.post<{ read_seq: number; unread_count: number }>(`/chat-rooms/${room.id}/read`, { seq: 2 })
    assert.deepEqual([read.read_seq, read.unread_count], [2, 0])
    const frame = await otherWs.seen(({ type, user_id }) => type === 'read' && user_id === one.id)
    assert.deepEqual([frame.old_read_seq, frame.read_seq], [1, 2])
    assert.equal((await other.history(room.id)).items[1]!.unread_count, 0)
    await one.post(`/chat-rooms/${room.id}/read`, { seq: 1 })
    assert.equal((await one.room(room.id)).read_seq, 2, 'a read position never goes back')

    await one.post(`/chat-rooms/${room.id}/typing`, { typing: true })
    await otherWs.seen(({ type, user_id }) => type === 'typing' && user_id === one.id)
  })

  it('edit, delete, react, pin, readers: every change seen by the other, each with the next rev', async (t) => {
    const [one, other] = await registerAll(urls, '하나', '둘')
    const room = await openDirect(one, other)
    const sse = await other.sse(t)
    const { id } = await one.say(room.id, '처음')
    const path = `/messages/${room.id}/${id}`
    const changed = async (rev: number) =>
      (await sse.seen((frame) => frame.type === 'message_changed' && frame.rev === rev)).message!

    await one.patch(path, { content: '고침' })
    assert.ok((await changed(2)).edited_at)
    assert.equal((await changed(2)).content, '고침')
    assertProblem(await other.call('PATCH', path, { body: { content: '내가 고침' } }), 403, 'NOT_YOUR_MESSAGE')
    const heart = encodeURIComponent('❤️')
    await other.put(`${path}/reactions/${heart}`)
    await other.put(`${path}/reactions/${heart}`)
    await one.put(`${path}/reactions/${heart}`)
    assert.deepEqual((await changed(4)).reactions, [{ emoji: '❤️', count: 2, user_ids: [other.id, one.id] }])
    await other.del(`${path}/reactions/${heart}`)
    assert.equal((await changed(5)).reactions[0]!.count, 1)
    await other.put(`${path}/pin`)
    assert.ok((await changed(6)).pinned_at)
    assert.deepEqual(
      (await one.get<Page<Message>>(`/messages/${room.id}/pins`)).items.map((pin) => pin.id),
      [id],
    )
    const readers = () => one.get<{ readers: Member[]; unread: Member[] }>(`${path}/readers`)
    assert.deepEqual(
      (await readers()).unread.map(({ user_id }) => user_id),
      [other.id],
    )
    await other.post(`/chat-rooms/${room.id}/read`, { seq: 1 })
    assert.deepEqual(
      (await readers()).readers.map(({ user_id }) => user_id),
      [other.id],
    )
    await one.del(path)
    const gone = await changed(7)
    assert.deepEqual([gone.is_deleted, gone.content, gone.pinned_at], [true, '', null])
    assert.equal((await other.history(room.id)).items[0]!.is_deleted, true, 'its place stays')
    assertProblem(await one.call('PATCH', path, { body: { content: '되살리기' } }), 409, 'MESSAGE_DELETED')
  })

  it('search finds Korean substrings from two syllables, in one’s own rooms only, not what was deleted', async () => {
    const [one, other, stranger] = await registerAll(urls, '하나', '둘', '남')
    const room = await openDirect(one, other)
    await one.say(room.id, '내일 점심약속 잊지 마세요')
    const deleted = await one.say(room.id, '점심 취소')
    await one.del(`/messages/${room.id}/${deleted.id}`)
    const search = async (who: Person, q: string) =>
      (await who.get<Page<Message>>(`/messages/search?q=${encodeURIComponent(q)}`)).items.map(({ content }) => content)
    await eventually(async () => assert.equal((await search(other, '심약')).length, 1))
    assert.deepEqual(await search(one, '점심'), ['내일 점심약속 잊지 마세요'])
    assert.deepEqual(await search(stranger, '점심'), [])
    assertProblem(await one.call('GET', `/messages/search?q=${encodeURIComponent('점')}`), 400, 'SEARCH_TOO_SHORT')
  })

  it('files: upload, thumbnail, ranges; for members only', async () => {
    const [one, other, stranger] = await registerAll(urls, '하나', '둘', '남')
    const room = await openDirect(one, other)
    const png = await sharp({ create: { width: 900, height: 600, channels: 3, background: 'red' } })
      .png()
      .toBuffer()
    const form = new FormData()
    form.set('file', new Blob([new Uint8Array(png)], { type: 'image/png' }), '../../사진.png')
    const file = await one.post<StoredFile>('/files', form)
    assert.deepEqual([file.name, file.type, file.size, file.has_thumbnail], ['사진.png', 'image/png', png.length, true])
    assertProblem(await other.call('GET', `/files/${file.id}`), 404, 'FILE_NOT_FOUND')
    const steal = { message_type: 'image', file_id: file.id }
    assertProblem(await other.call('POST', `/messages/${room.id}`, { body: steal }), 404, 'FILE_NOT_FOUND')
    const message = await one.post<Message>(`/messages/${room.id}`, steal)
    assert.equal(message.file!.id, file.id)

    const bytes = (path: string, headers: Record<string, string> = {}) =>
      fetch(`${urls.gateway}/api${path}`, { headers: { authorization: `Bearer ${other.token}`, ...headers } })
    const whole = await bytes(`/files/${file.id}`)
    assert.deepEqual(Buffer.from(await whole.arrayBuffer()), png)
    assert.match(whole.headers.get('content-disposition') ?? '', /^attachment/)
    assert.equal(whole.headers.get('x-content-type-options'), 'nosniff')
    const part = await bytes(`/files/${file.id}`, { range: 'bytes=10-19' })
    assert.equal(part.status, 206)
    assert.equal(part.headers.get('content-range'), `bytes 10-19/${png.length}`)
    assert.deepEqual(Buffer.from(await part.arrayBuffer()), png.subarray(10, 20))
    const beyond = await other.call('GET', `/files/${file.id}`, { headers: { range: `bytes=${png.length}-` } })
    assertProblem(beyond, 416, 'RANGE_NOT_SATISFIABLE')
    const small = await bytes(`/files/${file.id}/thumbnail`)
    assert.equal(small.headers.get('content-type'), 'image/webp')
    const { width, height } = await sharp(Buffer.from(await small.arrayBuffer())).metadata()
    assert.deepEqual([width, height], [480, 320])
    assertProblem(await stranger.call('GET', `/files/${file.id}`), 404, 'FILE_NOT_FOUND')
    await one.del(`/messages/${room.id}/${message.id}`)
    assertProblem(await other.call('GET', `/files/${file.id}`), 404, 'FILE_NOT_FOUND')
  })

  it('muting is one’s own, and seen on one’s other devices', async (t) => {
    const [one, other] = await registerAll(urls, '하나', '둘')
    const room = await openDirect(one, other)
    const [mine, theirs] = [await one.sse(t), await other.sse(t)]
    await one.put(`/chat-rooms/${room.id}/mute`)
    await mine.seen((frame) => frame.type === 'room_settings' && frame['muted'] === true)
    assert.deepEqual([(await one.room(room.id)).muted, (await other.room(room.id)).muted], [true, false])
    await one.del(`/chat-rooms/${room.id}/mute`)
    await mine.seen((frame) => frame.type === 'room_settings' && frame['muted'] === false)
    assert.ok(!theirs.frames.some(({ type }) => type === 'room_settings'))
  })
})

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
    assert.equal((await mine.closed).code, 4501)
    assertProblem(await leaver.call('GET', '/profile/me'), 401, 'TOKEN_INVALID')

    await theirs.seen(({ message }) => message?.system?.via === 'closed' && message.room_id === group.id)
    await eventually(async () => {
      assert.deepEqual(await friendIds(friend), [])
      const { members, role } = await friend.room(group.id)
      assert.deepEqual(
        members.map(({ user_id }) => user_id).sort((a, b) => a - b),
        [friend.id, third.id],
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
    assertProblem(await refresh(one.refreshToken), 401, 'REFRESH_TOKEN_REUSED')
    assertProblem(await refresh(pair.refresh_token), 401, 'REFRESH_TOKEN_INVALID')
    assertProblem(await one.call('GET', '/profile/me'), 401, 'TOKEN_INVALID')
    const again = await one.signIn()
    const sse = await again.sse(t)
    await again.post('/auth/logout')
    const goodbye = await sse.seen('goodbye')
    assert.deepEqual([goodbye.code, goodbye['reconnect']], [4501, false])
    await sse.closed
  })
})
