import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { eventually } from '@bigtech/testkit'
import { createClient, roomList, roomUnread, timeline, unreadMentions, unreadOf, type Sync } from './index.ts'
import { PASSWORD, sharedServer, signUp, type TestServer, type TestUser } from './testing/server.fixture.ts'

const WITHIN = { timeoutMs: 5_000 }

/** Two friends and their group, on a server that all tests of a suite share. */
async function twoFriends(server: TestServer, prefix: string) {
  const alice = await signUp(server.url, `${prefix}alice`)
  const bob = await signUp(server.url, `${prefix}bob`)
  const { id } = await alice.client.friends.request(bob.id)
  await bob.client.friends.accept(id)
  const room = await alice.client.rooms.createGroup({ name: '점심', member_ids: [bob.id] })
  return { alice, bob, room }
}

async function syncing(t: TestContext, user: TestUser, transport: 'ws' | 'sse'): Promise<Sync> {
  const sync = user.client.sync({ transport })
  t.after(() => sync.close())
  await sync.ready(WITHIN)
  return sync
}

describe('against the server', () => {
  const server = sharedServer()

  it('signs up, in and out', async () => {
    const { client } = await signUp(server().url, 'gildong')
    assert.equal((await client.profile.get()).display_name, 'gildong님')
    assert.equal((await client.profile.update({ status_message: '점심 중' })).status_message, '점심 중')
    const other = createClient({ baseUrl: server().url, language: 'en' })
    await assert.rejects(other.auth.login('gildong', 'wrong'), {
      status: 401,
      code: 'CREDENTIALS_INVALID',
      detail: 'The e-mail address or the password is not correct',
    })
    await other.auth.login('gildong', PASSWORD)
    const sessions = await client.auth.sessions()
    assert.equal(sessions.items.length, 2)
    await client.auth.endSession(sessions.items.find((session) => !session.current)!.id)
    await assert.rejects(other.profile.get(), { status: 401 })
    assert.equal(other.auth.session(), undefined)
    await client.auth.changePassword({ current_password: PASSWORD, new_password: 'Other1234!@' })
    await client.auth.refresh()
    await client.auth.logout()
    await assert.rejects(client.profile.get(), { code: 'NOT_AUTHENTICATED' })
    await client.auth.login('gildong', 'Other1234!@')
    await assert.rejects(client.auth.register({ email: 'x', username: 'y', password: 'z' }), (error: Error) => {
      assert.deepEqual((error as unknown as { errors: { field: string }[] }).errors.map(({ field }) => field).sort(), [
        'email',
        'password',
        'username',
      ])
      return true
    })
  })

  it('finds people, befriends and blocks them', async () => {
    const alice = await signUp(server().url, 'a.friend')
    const bob = await signUp(server().url, 'b.friend')
    const { client } = alice
    assert.deepEqual(
      (await client.users.search('b.frie')).items.map(({ id }) => id),
      [bob.id],
    )
    assert.deepEqual(
      (await client.users.byIds([bob.id, 999_999])).map(({ id }) => id),
      [bob.id],
    )
    await client.friends.request(bob.id)
    const [request] = (await bob.client.friends.requests()).items
    assert.ok(request)
    assert.equal(request.user.username, 'a.friend')
    assert.equal((await bob.client.friends.accept(request.id)).status, 'accepted')
    assert.deepEqual(
      (await client.friends.list()).items.map(({ user_id }) => user_id),
      [bob.id],
    )
    assert.equal((await client.presence.heartbeat()).online, true)
    await client.friends.block(bob.id)
    assert.deepEqual(
      (await client.friends.blocks()).items.map(({ user_id }) => user_id),
      [bob.id],
    )
    await client.friends.unblock(bob.id)
    assert.deepEqual((await client.friends.list()).items, [])
    assert.deepEqual((await client.friends.suggestions()).items, [])
    await assert.rejects(client.ops.topics(), { code: 'ADMIN_ONLY' })
    await assert.rejects(client.users.list(), { code: 'ADMIN_ONLY' })
  })

  it('does with messages and rooms all there is to do', async () => {
    const { alice, bob, room } = await twoFriends(server(), 'do.')
    const { rooms, messages } = alice.client
    const message = await messages.send(room.id, { content: '안녕하세요' })
    assert.equal(message.seq, 2)
    const reply = await bob.client.messages.send(room.id, { content: '네!', reply_to: message.id })
    assert.equal(reply.reply_to, message.id)
    await messages.react(room.id, reply.id, '👍')
    assert.equal((await messages.unreact(room.id, reply.id, '👍')).reactions.length, 0)
    assert.equal((await messages.pin(room.id, reply.id)).pinned_by, alice.id)
    assert.deepEqual(
      (await messages.pins(room.id)).items.map(({ id }) => id),
      [reply.id],
    )
    await messages.unpin(room.id, reply.id)
    const mentions = [{ user_id: bob.id, offset: 0, length: 2 }]
    assert.deepEqual((await messages.edit(room.id, message.id, '@밥 안녕', { mentions })).mentions, mentions)
    assert.deepEqual((await messages.edit(room.id, message.id, '안녕!')).mentions, [])
    assert.deepEqual(
      (await messages.search({ q: '안녕', room_id: room.id })).items.map(({ id }) => id),
      [message.id],
    )
    assert.deepEqual(
      (await messages.readers(room.id, message.id)).readers.map(({ user_id }) => user_id),
      [bob.id],
    )
    await messages.delete(room.id, message.id)
    const changes = await messages.changes(room.id, { since_rev: room.rev })
    assert.equal(changes.messages.find(({ id }) => id === message.id)?.is_deleted, true)
    assert.deepEqual(
      (await messages.page(room.id, { after_seq: 1, limit: 1 })).items.map(({ seq }) => seq),
      [2],
    )
    assert.equal((await rooms.markRead(room.id, 3)).unread_count, 0)

    const { code } = await rooms.createInvite(room.id)
    assert.equal((await rooms.invite(room.id)).code, code)
    const carol = await signUp(server().url, 'do.carol')
    assert.equal((await carol.client.rooms.join(code)).member_count, 3)
    await rooms.revokeInvite(room.id)
    await rooms.setRole(room.id, carol.id, 'admin')
    assert.deepEqual((await rooms.members(room.id, { limit: 2 })).items.length, 2)
    await rooms.removeMember(room.id, carol.id)
    assert.deepEqual((await rooms.addMembers(room.id, [carol.id])).invited, [carol.id])
    assert.deepEqual(
      (await carol.client.rooms.invitations()).items.map(({ room_id }) => room_id),
      [room.id],
    )
    assert.equal((await carol.client.rooms.acceptInvitation(room.id)).member_count, 3)
    await rooms.mute(room.id)
    assert.equal((await rooms.get(room.id)).muted, true)
    await rooms.unmute(room.id)
    assert.equal((await rooms.update(room.id, { name: '저녁' })).name, '저녁')
    await carol.client.rooms.leave(room.id)
    const direct = await rooms.openDirect(bob.id)
    assert.equal((await rooms.openDirect(bob.id)).id, direct.id)
    assert.deepEqual(new Set((await rooms.list()).items.map(({ id }) => id)), new Set([room.id, direct.id]))
  })

  it('carries files, telling how far it is', async () => {
    const { alice, bob, room } = await twoFriends(server(), 'file.')
    const bytes = new Uint8Array(300_000).fill(65)
    const told: number[] = []
    const blob = new Blob([bytes], { type: 'text/plain' })
    const file = await alice.client.files.upload(blob, { name: '회의록.txt', onProgress: (sent) => told.push(sent) })
    assert.equal(file.name, '회의록.txt')
    assert.ok(told.length > 1 && told.at(-1)! > bytes.length)
    assert.deepEqual(
      told.toSorted((a, b) => a - b),
      told,
    )
    await assert.rejects(bob.client.files.download(file.id), { code: 'FILE_NOT_FOUND' })
    const sent = await alice.client.messages.send(room.id, { message_type: 'file', file_id: file.id })
    assert.equal(sent.file?.id, file.id)
    assert.equal((await bob.client.files.download(file.id)).size, bytes.length)
    assert.equal((await (await bob.client.files.open(file.id, [0, 9])).arrayBuffer()).byteLength, 10)
    const abort = new AbortController()
    const reason = new Error('changed my mind')
    const upload = alice.client.files.upload(new Blob([new Uint8Array(5_000_000)]), {
      signal: abort.signal,
      onProgress: () => abort.abort(reason),
    })
    await assert.rejects(upload, reason)
  })

  for (const transport of ['ws', 'sse'] as const) {
    it(`talks live over ${transport}: order, unread numbers, typing, presence, members`, async (t) => {
      const { alice, bob, room } = await twoFriends(server(), `${transport}.`)
      const friendFrames: string[] = []
      const a = alice.client.sync({
        transport,
        onFrame: (frame) => frame.type === 'friend' && friendFrames.push(frame.event),
      })
      t.after(() => a.close())
      await a.ready(WITHIN)
      const b = await syncing(t, bob, transport)
      await a.openRoom(room.id, WITHIN)
      assert.equal(b.state.rooms.get(room.id)?.window, null, 'not opened: only its summary is kept')

      const mentions = [{ user_id: bob.id, offset: 0, length: 2 }]
      const id = a.send(room.id, { content: '@밥 점심 뭐 먹지?', mentions })
      assert.deepEqual(
        a.state.rooms.get(room.id)!.outgoing.map((one) => one.client_message_id),
        [id],
        'shown at once',
      )
      await b.waitFor(({ rooms }) => rooms.get(room.id)!.last_message?.content === '@밥 점심 뭐 먹지?', WITHIN)
      assert.equal(roomUnread(b.state.rooms.get(room.id)!), 1, 'that the room was made does not count')
      assert.deepEqual(b.state.rooms.get(room.id)!.last_message?.mentions, mentions)
      assert.deepEqual(unreadMentions(b.state.rooms.get(room.id)!), [2])
      await a.waitFor(({ rooms }) => rooms.get(room.id)!.outgoing.length === 0, WITHIN)
      const mine = a.state.rooms.get(room.id)!
      assert.equal(mine.window!.messages.at(-1)?.client_message_id, id)
      assert.equal(unreadOf(mine, mine.window!.messages.at(-1)!), 1)
      assert.equal(timeline(a.state, mine).at(-1)?.key, id)

      await b.openRoom(room.id, WITHIN)
      b.markRead(room.id)
      await a.waitFor(({ rooms }) => unreadOf(rooms.get(room.id)!, mine.last_message!) === 0, WITHIN)
      await b.waitFor(({ rooms }) => roomUnread(rooms.get(room.id)!) === 0, WITHIN)

      b.typing(room.id)
      await a.waitFor(({ rooms }) => rooms.get(room.id)!.typing.has(bob.id), WITHIN)
      b.send(room.id, { content: '김치찌개' })
      await a.waitFor(({ rooms }) => rooms.get(room.id)!.last_message?.content === '김치찌개', WITHIN)
      assert.equal(a.state.rooms.get(room.id)!.typing.size, 0)

      await bob.client.presence.offline()
      await a.waitFor(({ presence }) => presence.get(bob.id)?.online === false, WITHIN)
      await a.loadPresence([bob.id])

      const carol = await signUp(server().url, `${transport}.carol`)
      const c = await syncing(t, carol, transport)
      await bob.client.rooms.addMembers(room.id, [carol.id])
      await c.waitFor(({ rooms }) => rooms.has(room.id), WITHIN)
      await a.waitFor(({ people }) => people.get(carol.id)?.display_name === `${transport}.carol님`, WITHIN)
      assert.equal(a.state.rooms.get(room.id)!.members?.size, 3)
      await c.openRoom(room.id, WITHIN)
      assert.equal(c.state.rooms.get(room.id)!.window!.messages.length, 1, 'sees its own time only')
      await alice.client.rooms.removeMember(room.id, carol.id)
      await c.waitFor(({ rooms }) => !rooms.has(room.id), WITHIN)
      await carol.client.friends.request(alice.id)
      await eventually(() => assert.ok(friendFrames.includes('request_sent')))

      const direct = await bob.client.rooms.openDirect(alice.id)
      await a.openRoom(direct.id, WITHIN)
      assert.equal(a.state.rooms.get(direct.id)?.name, `${transport}.bob님`)
      b.send((await b.openRoom(direct.id, WITHIN)).id, { content: '둘이서' })
      await a.waitFor(({ rooms }) => rooms.get(direct.id)!.last_seq === 1, WITHIN)
      assert.deepEqual(
        roomList(a.state).map((one) => one.id),
        [direct.id, room.id],
      )
    })
  }

  it('calls a group without a name after its other members, as they come and go', async (t) => {
    const { alice, bob } = await twoFriends(server(), 'names.')
    const carol = await signUp(server().url, 'names.carol')
    const { rooms } = alice.client
    const { id } = await rooms.createGroup({ member_ids: [bob.id] })
    // Their names reach chat-service by events.
    await eventually(async () => {
      assert.equal((await rooms.openDirect(carol.id)).name, 'names.carol님')
      assert.equal((await rooms.get(id)).name, 'names.bob님')
    }, WITHIN)
    const [a, b] = [await syncing(t, alice, 'ws'), await syncing(t, bob, 'sse')]
    await a.openRoom(id, WITHIN)
    const isNamed = (sync: Sync, name: string) => sync.waitFor((state) => state.rooms.get(id)?.name === name, WITHIN)
    await isNamed(b, 'names.alice님')
    await rooms.addMembers(id, [carol.id])
    await Promise.all([isNamed(a, 'names.bob님, names.carol님'), isNamed(b, 'names.alice님, names.carol님')])
    assert.equal(a.state.rooms.get(id)!.window!.messages.length, 2, 'an open room stays open')
    await rooms.update(id, { name: '이름' })
    await Promise.all([isNamed(a, '이름'), isNamed(b, '이름')])
    await rooms.update(id, { name: '' })
    await isNamed(b, 'names.alice님, names.carol님')
    await carol.client.rooms.leave(id)
    await Promise.all([isNamed(a, 'names.bob님'), isNamed(b, 'names.alice님')])
  })

  it('shows a long room piece by piece', async (t) => {
    const { alice, bob, room } = await twoFriends(server(), 'long.')
    for (let i = 0; i < 60; i++) await bob.client.messages.send(room.id, { content: `${i}` })
    const sync = await syncing(t, alice, 'ws')
    await sync.openRoom(room.id, { around_seq: 20, ...WITHIN })
    const window = () => sync.state.rooms.get(room.id)!.window!
    const span = () => [window().from, window().from + window().messages.length - 1]
    assert.deepEqual(span(), [1, 50])
    await bob.client.messages.send(room.id, { content: 'new' })
    await sync.waitFor(({ rooms }) => rooms.get(room.id)!.last_seq === 62, WITHIN)
    assert.deepEqual(span(), [1, 50], 'the new one does not stand behind a hole')
    assert.equal(await sync.loadNewer(room.id, { limit: 5 }), true)
    assert.deepEqual(span(), [1, 55])
    await sync.loadNewer(room.id)
    assert.deepEqual(span(), [1, 62])
    assert.equal(await sync.loadNewer(room.id), false)
    await sync.openRoom(room.id, WITHIN)
    assert.deepEqual(span(), [13, 62])
    await sync.loadOlder(room.id, { limit: 5 })
    assert.deepEqual(span(), [8, 62])
    sync.closeRoom(room.id)
    assert.equal(sync.state.rooms.get(room.id)!.window, null)
  })

  it('keeps a refused message for its author to decide about', async (t) => {
    const { alice, bob, room } = await twoFriends(server(), 'no.')
    const sync = await syncing(t, alice, 'ws')
    await sync.openRoom(room.id, WITHIN)
    const outgoing = () => sync.state.rooms.get(room.id)!.outgoing
    const id = sync.send(room.id, { content: ' ' })
    sync.send(room.id, { content: 'the next one goes on' })
    await sync.waitFor(() => outgoing().length === 1 && outgoing()[0]!.status === 'failed', WITHIN)
    assert.match(outgoing()[0]!.error!.message, /메시지 내용/)
    sync.retry(id)
    await sync.waitFor(() => outgoing()[0]!.status === 'failed', WITHIN)
    assert.equal(sync.cancel(id), true)
    assert.deepEqual(outgoing(), [])
    assert.equal((await bob.client.rooms.get(room.id)).last_seq, 2)
    await assert.rejects(sync.openRoom(99_999, WITHIN), RangeError)
    assert.throws(() => sync.send(99_999, { content: 'x' }), RangeError)
  })
})
