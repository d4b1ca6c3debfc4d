import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { eventually, type Cleanup } from '@bigtech/testkit'
import fc from 'fast-check'
import {
  call,
  Follower,
  ok,
  openDirect,
  openGroup,
  PASSWORD,
  registerAdmin,
  registerAll,
  startTestServer,
  type Frame,
  type Message,
  type Page,
  type Person,
  type Room,
} from '../support/index.ts'

/** A client cut off at any point and resumed ends with the state of one that never left. */
const system = await startTestServer({ after }, { STREAM_HEARTBEAT: '1s', STREAM_BUFFER: '256KB' })
const { urls } = system

const SEED = Number(process.env['SEED'] ?? 20260127)

type Act =
  | {
      do: 'send' | 'edit' | 'delete' | 'react' | 'unreact' | 'pin' | 'unpin' | 'read'
      who: number
      room: number
      n: number
    }
  | { do: 'remove' | 'add' | 'leave' | 'role' | 'rename'; who: number; n: number }
  | { do: 'cut' | 'resume'; who: number }

type Deed = Exclude<Act, { do: 'cut' | 'resume' }>

const who = fc.nat({ max: 2 })
const n = fc.nat({ max: 30 })
const onMessage = fc.record({
  do: fc.constantFrom('send', 'send', 'send', 'edit', 'delete', 'react', 'unreact', 'pin', 'unpin', 'read', 'read'),
  who,
  room: fc.nat({ max: 1 }),
  n,
})
const onGroup = fc.record({ do: fc.constantFrom('remove', 'add', 'add', 'leave', 'role', 'rename'), who, n })
const onConnection = fc.record({ do: fc.constantFrom('cut', 'resume'), who })
const acts = fc.array(
  fc.oneof(
    { arbitrary: onMessage, weight: 7 },
    { arbitrary: onGroup, weight: 2 },
    { arbitrary: onConnection, weight: 3 },
  ),
  { minLength: 15, maxLength: 60 },
) as fc.Arbitrary<Act[]>

/** Does one thing. What is not allowed at that moment is refused, and that is fine; a fault of the server is not. */
async function act(people: readonly Person[], rooms: readonly Room[], step: Deed) {
  const me = people[step.who]!
  const id = rooms['room' in step ? step.room : 0]!.id
  const message = `/messages/${id}/msg_${id}_${step.n + 1}`
  const other = people[step.n % 3]!
  const send = {
    send: () => me.call('POST', `/messages/${id}`, { body: { content: `말 ${step.n}` } }),
    edit: () => me.call('PATCH', message, { body: { content: `고침 ${step.n}` } }),
    delete: () => me.call('DELETE', message),
    react: () => me.call('PUT', `${message}/reactions/${encodeURIComponent('👍')}`),
    unreact: () => me.call('DELETE', `${message}/reactions/${encodeURIComponent('👍')}`),
    pin: () => me.call('PUT', `${message}/pin`),
    unpin: () => me.call('DELETE', `${message}/pin`),
    read: () => me.call('POST', `/chat-rooms/${id}/read`, { body: { seq: step.n } }),
    remove: () => me.call('DELETE', `/chat-rooms/${id}/members/${other.id}`),
    add: () => me.call('POST', `/chat-rooms/${id}/members`, { body: { user_ids: [other.id] } }),
    leave: () => me.call('POST', `/chat-rooms/${id}/leave`),
    role: () =>
      me.call('PUT', `/chat-rooms/${id}/members/${other.id}/role`, {
        body: { role: step.n % 5 === 0 ? 'owner' : step.n % 2 === 0 ? 'admin' : 'member' },
      }),
    rename: () => me.call('PATCH', `/chat-rooms/${id}`, { body: { name: `이름 ${step.n}` } }),
  }[step.do]
  const { status, text } = await send()
  assert.ok(status < 500, text)
}

const comparable = ({ unread_count: _derived, ...message }: Message) => message

/** What `person` would load now, against what their follower holds. */
async function assertSame(person: Person, { rooms }: Follower): Promise<void> {
  const { items } = await person.get<Page<Room>>('/chat-rooms?limit=1000')
  assert.deepEqual(new Set(rooms.keys()), new Set(items.map(({ id }) => id)), 'rooms')
  for (const { id } of items) {
    const fresh = await person.room(id)
    const history = await person.history(id)
    const held = rooms.get(id)!
    assert.equal(held.rev, fresh.rev, 'rev')
    const messages = [...held.messages.values()].toSorted((a, b) => a.seq - b.seq)
    assert.deepEqual(messages.map(comparable), history.items.map(comparable), 'messages')
    const members = fresh.members.map(({ user_id, role, join_seq, read_seq }) => [
      user_id,
      { role, join_seq, read_seq },
    ])
    assert.deepEqual(Object.fromEntries(held.members), Object.fromEntries(members), 'members')
    const me = held.members.get(person.id)!
    const after = Math.max(me.read_seq, me.join_seq)
    const unread = messages.filter((one) => one.seq > after && one.message_type !== 'system' && !one.is_deleted)
    assert.equal(unread.length, fresh.unread_count, 'unread count')
    for (const { seq, unread_count } of history.items) {
      const unread = [...held.members.values()].filter(({ read_seq }) => read_seq < seq).length
      assert.equal(unread, unread_count, `the number beside message ${seq}`)
    }
  }
}

it('random actions, random cuts: snapshot + events == fresh snapshot', { timeout: 120_000 }, async () => {
  const run = fc.asyncProperty(acts, async (steps) => {
    const ends: (() => unknown)[] = []
    const t: Cleanup = { after: (end) => void ends.push(end) }
    try {
      const people = await registerAll(urls, '가', '나', '다')
      const rooms = [await openGroup(people[0], '모임', people[1], people[2]), await openDirect(people[0], people[1])]
      const followers = people.map((person) => new Follower(person))
      const connected = [true, true, true]
      const transport = (i: number, step: number) => ((i + step) % 2 === 0 ? 'sse' : 'ws')
      await Promise.all(followers.map((follower, i) => follower.connect(t, transport(i, 0))))

      // Each person does their part in order, all at the same time.
      const lane = async (i: number) => {
        for (const [number, step] of steps.entries()) {
          if (step.who !== i) continue
          if (step.do === 'cut') {
            followers[i]!.cut()
            connected[i] = false
          } else if (step.do === 'resume') {
            followers[i]!.cut()
            await followers[i]!.connect(t, transport(i, number))
            connected[i] = true
          } else await act(people, rooms, step as Deed)
        }
      }
      await Promise.all(people.map((_person, i) => lane(i)))
      for (const [i, follower] of followers.entries()) if (!connected[i]) await follower.connect(t, transport(i, 1))
      for (const [i, follower] of followers.entries())
        await eventually(
          async () => {
            await follower.idle()
            await assertSame(people[i]!, follower)
          },
          { timeoutMs: 3_000 },
        )
    } finally {
      for (const end of ends) await end()
    }
  })
  await fc.assert(run, { seed: SEED, numRuns: 40, interruptAfterTimeLimit: 30_000, endOnFailure: true })
})

describe('resume', () => {
  it('brings what was missed, once, in its newest state, and then goes on live', async (t) => {
    const [one, other] = await registerAll(urls, '하나', '둘')
    const room = await openDirect(one, other)
    const first = await other.sse(t)
    const message = await one.say(room.id, '처음')
    await first.seen((frame) => frame.message?.id === message.id)
    first.cut()
    await one.patch(`/messages/${room.id}/${message.id}`, { content: '고침' })
    await one.say(room.id, '그동안')
    await one.post(`/chat-rooms/${room.id}/read`, { seq: 2 })
    for (const stream of [await other.sse(t, first.token()), await other.ws(t, { token: first.token()! })]) {
      assert.equal((await stream.seen('hello')).resumed, true)
      const changes = (await stream.seen('changes')) as Frame & { messages: Message[]; reads: unknown[] }
      // It may begin somewhat before: what one has is ignored.
      assert.ok((changes['from_rev'] as number) <= 1)
      assert.equal(changes['to_rev'], 3)
      assert.deepEqual(
        changes.messages.map(({ seq, rev, content }) => [seq, rev, content]),
        [
          [1, 2, '고침'],
          [2, 3, '그동안'],
        ],
      )
      assert.deepEqual(changes.reads, [{ user_id: one.id, read_seq: 2 }])
      await stream.seen('replayed')
    }
    const live = await other.sse(t, first.token())
    await live.seen('replayed')
    await one.say(room.id, '이제 바로')
    await live.seen((frame) => frame.type === 'message' && frame.rev === 4)
  })

  it('an unknown token is told so, on both transports and by the command', async (t) => {
    const [one, other] = await registerAll(urls, '하나', '둘')
    const room = await openDirect(one, other)
    for (const token of ['garbage', 'ffffffffffff.1', `${(await one.sse(t)).token()!.split('.')[0]!}.zzzzzzzzzz`]) {
      for (const stream of [await one.sse(t, token), await one.ws(t, { token })]) {
        const resync = await stream.seen('resync_required')
        assert.deepEqual([resync.room_id, resync.reason], [null, 'unknown_token'])
        await other.say(room.id, `뒤에 ${token.length}`)
        await stream.seen((frame) => frame.message?.content === `뒤에 ${token.length}`)
      }
      const ws = await one.ws(t)
      assert.equal((await ws.command({ type: 'resume', token })).type, 'ack')
      assert.ok(ws.frames.some(({ type }) => type === 'resync_required'))
    }
  })

  it('too much missed is told so, for that room only', async (t) => {
    const [one, other] = await registerAll(urls, '하나', '둘')
    const [busy, calm] = [await openDirect(one, other), await openGroup(one, '조용한 방', other)]
    const first = await other.sse(t)
    const token = first.token()
    first.cut()
    await Promise.all(Array.from({ length: 501 }, (_, i) => one.say(busy.id, `${i}`)))
    await one.say(calm.id, '조용히')
    const resumed = await other.sse(t, token)
    await resumed.seen('replayed')
    const resyncs = resumed.frames.filter(({ type }) => type === 'resync_required')
    assert.deepEqual(
      resyncs.map(({ room_id, reason }) => [room_id, reason]),
      [[busy.id, 'too_much_missed']],
    )
    assert.ok(resumed.frames.some(({ type, room_id }) => type === 'changes' && room_id === calm.id))
  })

  it('a heartbeat carries the heads of busy rooms, so that a lost last frame is noticed', async (t) => {
    const [one, other] = await registerAll(urls, '하나', '둘')
    const [room, quiet] = [await openDirect(one, other), await openGroup(one, '모임', other)]
    for (const stream of [await other.sse(t), await other.ws(t)]) {
      const { rev } = await one.say(room.id, '박동')
      const beat = await stream.seen((frame) => (frame['heads'] as Record<string, number>)?.[room.id] === rev)
      assert.equal(beat.type, 'heartbeat')
      assert.ok(quiet.id !== room.id && typeof beat.token === 'string')
    }
  })
})

describe('a session that ends takes its streams with it, at once, and only those', () => {
  type End = (who: Person, own: Person) => Promise<unknown>
  const admin = registerAdmin(system)
  const ends: Record<string, End> = {
    'signed out': (_who, own) => own.post('/auth/logout'),
    'ended from another device': async (who, own) => {
      const { session_id } = JSON.parse(Buffer.from(own.token.split('.')[1]!, 'base64url').toString()) as Record<
        string,
        string
      >
      const { items } = await own.get<Page<{ id: string; current: boolean }>>('/auth/sessions')
      const mine = items.find(({ current }) => current)!.id
      assert.ok(session_id === undefined || session_id === mine)
      await who.del(`/auth/sessions/${mine}`)
    },
    'all others ended': (who) => who.del('/auth/sessions'),
    'the password changed': (who) =>
      who.post('/auth/password', { current_password: PASSWORD, new_password: 'Another1234!' }),
    'a refresh token used twice': async (_who, own) => {
      const refresh = (refresh_token: string) =>
        call('POST', `${urls.gateway}/api/auth/refresh`, { body: { refresh_token } })
      const next = await ok<{ refresh_token: string }>(refresh(own.refreshToken))
      await ok(refresh(next.refresh_token))
      assert.equal((await refresh(own.refreshToken)).status, 401)
    },
  }
  for (const [what, end] of Object.entries(ends))
    it(what, async (t) => {
      const [who] = await registerAll(urls, '하나')
      const own = await who.signIn()
      const [sse, ws, staying] = [await own.sse(t), await own.ws(t), await who.ws(t)]
      await end(who, own)
      assert.deepEqual(await ws.closed(), { code: 4501, reason: 'session_ended' })
      await sse.closed()
      const goodbye = sse.frames.at(-1)!
      assert.deepEqual(
        [goodbye.type, goodbye.code, goodbye.reason, goodbye['reconnect']],
        ['goodbye', 4501, 'session_ended', false],
      )
      assert.equal((await staying.command({ type: 'ping' })).type, 'ack')
      assert.equal((await own.call('GET', '/profile/me')).status, 401)
    })

  it('the account deactivated: all of them', async (t) => {
    const [who] = await registerAll(urls, '하나')
    const [sse, ws] = [await who.sse(t), await who.ws(t)]
    await (await admin).patch(`/users/${who.id}/status`, { status: 'inactive' })
    assert.equal((await ws.closed()).code, 4501)
    await sse.closed()
    assert.equal(sse.frames.at(-1)!.code, 4501)
  })
})
