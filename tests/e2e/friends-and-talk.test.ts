import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import sharp from 'sharp'
import {
  assertProblem,
  befriend,
  openDirect,
  register,
  registerAll,
  type Member,
  type Message,
  type Page,
  type Person,
  type Profile,
  type Room,
  type StoredFile,
} from '../support/index.ts'
import { friendIds, isMessage, urls, type Friend, type Request } from '../support/main-job-world.ts'

describe('friends', () => {
  it('ask, see the request, accept, and see each other', async () => {
    const [one, other] = await registerAll(urls, '하나', '둘')
    const asked = await one.post<Request>('/friends/request', { target_user_id: other.id })
    assert.equal(asked.status, 'pending')
    // The name comes by an event.
    await eventually(async () => {
      const received = await other.get<Page<Request & { user: Friend }>>('/friends/requests?direction=received')
      assert.deepEqual(
        received.items.map(({ id, user }) => [id, user.user_id, user.display_name]),
        [[asked.id, one.id, '하나']],
      )
    })
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

  it('reject and cancel leave nothing open; after a no one waits, after a change of mind one may ask again', async () => {
    const [one, other] = await registerAll(urls, '하나', '둘')
    const ask = () => one.post<Request>('/friends/request', { target_user_id: other.id })
    const first = await ask()
    await other.post(`/friends/requests/${first.id}/reject`)
    assertProblem(await other.call('POST', `/friends/requests/${first.id}/accept`), 409, 'REQUEST_CLOSED')
    const again = await one.call('POST', '/friends/request', { body: { target_user_id: other.id } })
    assert.match(assertProblem(again, 409, 'REJECTED_LATELY').detail, /30일/)
    const third = await register(urls, '셋')
    for (let round = 0; round < 2; round++) {
      const asked = await one.post<Request>('/friends/request', { target_user_id: third.id })
      await one.post(`/friends/requests/${asked.id}/cancel`)
      assertProblem(await third.call('POST', `/friends/requests/${asked.id}/accept`), 409, 'REQUEST_CLOSED')
    }
    assert.deepEqual(await friendIds(one), [])
  })

  it('presence is for friends only, over HTTP and on the stream', async (t) => {
    const [one, friend, stranger] = await registerAll(urls, '하나', '친구', '남')
    await befriend(one, friend)
    const presenceFor = async (who: Person) =>
      (await who.get<{ user_id: number; online: boolean }[]>(`/presence?user_ids=${one.id}`))[0]!.online
    const [friendSees, strangerSees] = [await friend.sse(t), await stranger.sse(t)]
    // Friendships reach user-service by event.
    await one.post('/presence/heartbeat')
    await eventually(async () => assert.equal(await presenceFor(friend), true))
    await one.post('/presence/offline')
    await one.post('/presence/heartbeat')
    const came = await friendSees.seen((frame) => frame.type === 'presence' && frame.user_id === one.id)
    assert.equal(typeof came['online'], 'boolean')
    assert.equal((await friend.get<Page<Friend>>('/friends')).items[0]!.online, true)
    assert.equal(await presenceFor(stranger), false)
    await one.post('/presence/offline')
    await friendSees.seen((frame) => frame.type === 'presence' && frame['online'] === false)
    assert.equal(await presenceFor(friend), false)
    assert.ok(!strangerSees.frames.some(({ type }) => type === 'presence'))
  })

  it('a new name or word of the moment is told to the streams of friends, and of those in a room with whoever has it', async (t) => {
    const [one, friend, member, stranger] = await registerAll(urls, '하나', '둘', '셋', '넷')
    await befriend(one, friend)
    const room = await openDirect(member, one)
    const [ofFriend, ofMember, ofStranger] = [await friend.sse(t), await member.sse(t), await stranger.sse(t)]
    await one.patch('/profile/me', { display_name: '일', status_message: '휴가' })
    const news = await ofFriend.seen('person')
    assert.deepEqual([news.user_id, news['display_name'], news['status_message']], [one.id, '일', '휴가'])
    const told = await ofMember.seen('person')
    assert.deepEqual([told.user_id, told['display_name'], told.room_id], [one.id, '일', room.id])
    assert.equal((await member.room(room.id)).name, '일')
    await stranger.patch('/profile/me', { display_name: '사' })
    await ofStranger.seen('person')
    assert.equal(ofStranger.frames.filter(({ type }) => type === 'person').length, 1, 'their own')
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
    // chat-service learns of the block by its event: a call that writes nothing tells when.
    await eventually(async () => {
      const reopen = await other.call('POST', '/chat-rooms', { body: { type: 'direct', user_id: one.id } })
      assertProblem(reopen, 404, 'USER_NOT_FOUND')
    })
    const write = { body: { content: '막힘' } }
    assertProblem(await one.call('POST', `/messages/${room.id}`, write), 403, 'BLOCKED')
    const refused = await other.call('POST', `/messages/${room.id}`, write)
    assertProblem(refused, 403, 'PARTNER_GONE')
    assert.ok(!/block|차단/i.test(refused.text), refused.text)
    // Reporting tells the operator alone, and not without end.
    assertProblem(await one.call('POST', '/reports', { body: { user_id: one.id, reason: 'spam' } }), 400, 'SELF_REPORT')
    // Of the messages that one can read oneself: no way to ask which others there are.
    const [message] = (await one.history(room.id)).items
    const about = (message_ids: string[]) => ({ body: { user_id: other.id, reason: 'abuse', message_ids } })
    assert.equal((await one.call('POST', '/reports', about([message!.id]))).status, 201)
    const outsider = await register(urls, '밖')
    const unseen = [`msg_${room.id}_999`, 'msg_999999_1']
    for (const [who, ids] of [
      [outsider, [message!.id]],
      [one, [message!.id, unseen[0]!]],
      [one, [unseen[1]!]],
    ] as const)
      assertProblem(await who.call('POST', '/reports', about([...ids])), 404, 'REPORTED_MESSAGE_NOT_FOUND')
    for (let made = 1; made < 30; made++) await one.post('/reports', { user_id: other.id, reason: 'spam' })
    const more = await one.call('POST', '/reports', { body: { user_id: other.id, reason: 'spam' } })
    assertProblem(more, 409, 'TOO_MANY_REPORTS')
    assertProblem(await other.call('GET', '/ops/reports'), 403, 'ADMIN_ONLY')
    await eventually(async () => {
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

  it('search finds parts of words down to one syllable, in one’s own rooms only, not what was deleted', async () => {
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
    assert.deepEqual(await search(one, '점'), ['내일 점심약속 잊지 마세요'])
    for (const nothing of [' ', '\u0000', '\u200b', '…'])
      assert.deepEqual(await search(one, nothing), [], JSON.stringify(nothing))
    const [hit] = (await other.get<{ items: { sender: unknown }[] }>('/messages/search?q=%EC%A0%90')).items
    assert.deepEqual(hit!.sender, { display_name: '하나', profile_image_url: null })
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
    const muted_until = new Date(Date.now() + 3_600_000).toISOString()
    await one.put(`/chat-rooms/${room.id}/settings`, { notify: 'mentions', muted_until })
    await mine.seen((frame) => frame['notify'] === 'mentions' && frame['muted_until'] === muted_until)
    assert.ok(!theirs.frames.some(({ type }) => type === 'room_settings'))
  })
})
