import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, describe, it } from 'node:test'
import {
  assertProblem,
  openDirect,
  openGroup,
  register,
  registerAll,
  startTestServer,
  type Frame,
  type Message,
  type Stream,
} from '../support/index.ts'

const { urls } = await startTestServer({ after })

/** The messages a stream brought of a room, in order of arrival. */
const messagesOf = (stream: Stream, roomId: number): Message[] =>
  stream.frames.flatMap(({ type, room_id, message }) => (type === 'message' && room_id === roomId ? [message!] : []))

/** Waits until a stream has brought everything up to `seq`. */
const upTo = (stream: Stream, roomId: number, seq: number) =>
  stream.seen((frame) => frame.room_id === roomId && frame.message?.seq === seq)

describe('order', () => {
  it('20 concurrent senders give 1..20 in the same order to every member, on SSE and WebSocket', async (t) => {
    const people = await Promise.all(Array.from({ length: 20 }, (_, i) => register(urls, `보낸이${i}`)))
    const room = await openGroup(people[0]!, '스무 명', ...people.slice(1))
    // A group begins with the message that it was made; the numbers of the 20 follow it.
    const { last_seq: before } = await people[0]!.room(room.id)
    const listeners = await Promise.all(
      people.map(async (person) => ({ sse: await person.sse(t), ws: await person.ws(t) })),
    )

    const sent = await Promise.all(
      people.map((person, i) => {
        const content = `${i}번째`
        if (i % 2 === 0) return person.say(room.id, content).then(({ seq, id }) => ({ seq, id, content }))
        const command = listeners[i]!.ws.command({ type: 'send', room_id: room.id, content })
        return command.then((ack) => {
          assert.equal(ack.type, 'ack', JSON.stringify(ack))
          return { seq: Number(ack['seq']), id: String(ack['message_id']), content }
        })
      }),
    )

    const numbers = Array.from({ length: 20 }, (_, i) => before + 1 + i)
    const inOrder = sent.toSorted((a, b) => a.seq - b.seq)
    assert.deepEqual(
      inOrder.map(({ seq }) => seq),
      numbers,
    )
    for (const { sse, ws } of listeners)
      for (const stream of [sse, ws]) {
        await upTo(stream, room.id, before + 20)
        const seen = messagesOf(stream, room.id)
        assert.deepEqual(
          seen.map(({ seq, id, content }) => ({ seq, id, content })),
          inOrder,
        )
        assert.deepEqual(
          seen.map(({ rev }) => rev),
          numbers.map((seq) => seq + room.rev - room.last_seq),
        )
      }
    const { items } = await people[7]!.history(room.id)
    assert.deepEqual(
      items.filter(({ message_type }) => message_type === 'text').map(({ seq }) => seq),
      numbers,
    )
  })

  it('one sender’s pipelined WebSocket messages are stored in the order they were sent', async (t) => {
    const [one, other] = await registerAll(urls, '하나', '둘')
    const room = await openDirect(one, other)
    const ws = await one.ws(t)
    const acks = Array.from({ length: 100 }, (_, i) =>
      ws.command({ type: 'send', room_id: room.id, content: `${i}`, client_message_id: `c${i}` }),
    )
    const seqs = (await Promise.all(acks)).map((ack) => ack['seq'])
    assert.deepEqual(
      seqs,
      Array.from({ length: 100 }, (_, i) => i + 1),
    )
    const { items } = await other.get<{ items: Message[] }>(`/messages/${room.id}?limit=200`)
    assert.deepEqual(
      items.map(({ content }) => content),
      Array.from({ length: 100 }, (_, i) => `${i}`),
    )
  })
})

describe('idempotence', () => {
  it('the same client_message_id ten times at once, over both doors: one message, ten equal answers', async (t) => {
    const [one, other] = await registerAll(urls, '하나', '둘')
    const room = await openDirect(one, other)
    const [ws, sse] = [await one.ws(t), await other.sse(t)]
    const body = { content: '한 번만', client_message_id: randomUUID() }
    const answers = await Promise.all(
      Array.from({ length: 10 }, async (_, i) => {
        if (i % 2 === 0) {
          const { id, seq, rev, created_at } = await one.post<Message>(`/messages/${room.id}`, body)
          return { id, seq, rev, created_at }
        }
        const ack: Frame = await ws.command({ type: 'send', room_id: room.id, ...body })
        assert.equal(ack.type, 'ack', JSON.stringify(ack))
        return { id: ack['message_id'], seq: ack['seq'], rev: ack.rev, created_at: ack['created_at'] }
      }),
    )
    for (const answer of answers) assert.deepEqual(answer, answers[0])
    const next = await one.say(room.id, '다음')
    assert.equal(next.seq, 2)
    await upTo(sse, room.id, 2)
    assert.deepEqual(
      messagesOf(sse, room.id).map(({ content }) => content),
      ['한 번만', '다음'],
    )
    assert.equal((await other.room(room.id)).unread_count, 2)
  })

  it('another content under the same id is 409, over both doors; another sender may use the id', async (t) => {
    const [one, other] = await registerAll(urls, '하나', '둘')
    const room = await openDirect(one, other)
    const client_message_id = randomUUID()
    const first = await one.say(room.id, '원본', { client_message_id })
    const path = `/messages/${room.id}` as const
    const send = (body: object) => one.call('POST', path, { body: { client_message_id, ...body } })
    assertProblem(
      await send({ content: '다른 내용' }),
      409,
      'CLIENT_MESSAGE_ID_REUSED',
      '같은 client_message_id로 다른 내용을 보낼 수 없습니다',
    )
    assertProblem(await send({ content: '원본', reply_to: first.id }), 409, 'CLIENT_MESSAGE_ID_REUSED')
    const ws = await one.ws(t)
    const error = await ws.command({ type: 'send', room_id: room.id, content: '또 다른 내용', client_message_id })
    assert.deepEqual([error.type, error.status, error.code], ['error', 409, 'CLIENT_MESSAGE_ID_REUSED'])
    assert.equal((await other.say(room.id, '내 것', { client_message_id })).seq, 2)
    assert.equal((await one.history(room.id)).items.length, 2)
  })

  it('stays the one answer after the message was edited', async () => {
    const [one, other] = await registerAll(urls, '하나', '둘')
    const room = await openDirect(one, other)
    const client_message_id = randomUUID()
    const first = await one.say(room.id, '원본', { client_message_id })
    await one.patch(`/messages/${room.id}/${first.id}`, { content: '고침' })
    const again = await one.say(room.id, '원본', { client_message_id })
    assert.equal(again.id, first.id)
    assert.equal(again.seq, first.seq)
    assert.equal((await other.history(room.id)).items.length, 1)
  })

  it('an Idempotency-Key does the same for messages, friend requests and rooms', async () => {
    const [one, other] = await registerAll(urls, '하나', '둘')
    const room = await openDirect(one, other)
    const headers = { 'idempotency-key': randomUUID() }
    const tenTimes = async (path: string, body: object) => {
      const answers = await Promise.all(Array.from({ length: 10 }, () => one.call('POST', path, { body, headers })))
      for (const { status, text } of answers) assert.deepEqual([status, text], [answers[0]!.status, answers[0]!.text])
      return answers[0]!
    }
    const message = await tenTimes(`/messages/${room.id}`, { content: '키' })
    assert.equal(message.status, 201, message.text)
    assert.equal((await one.history(room.id)).items.length, 1)
    assert.equal((await tenTimes('/friends/request', { target_user_id: other.id })).status, 201)
    const group = { type: 'group', name: '한 번', member_ids: [other.id] }
    assert.equal((await tenTimes('/chat-rooms', group)).status, 201)
    const reused = await one.call('POST', '/chat-rooms', { body: { ...group, name: '두 번' }, headers })
    assertProblem(reused, 409, 'IDEMPOTENCY_KEY_REUSED')
    const { items } = await one.get<{ items: { name: string }[] }>('/chat-rooms')
    const groups = items.filter(({ name }) => name.endsWith(' 번'))
    assert.deepEqual(
      groups.map(({ name }) => name),
      ['한 번'],
    )
  })

  it('ten openings of a direct room at once, from both sides, give one room', async () => {
    const [one, other] = await registerAll(urls, '하나', '둘')
    const rooms = await Promise.all(
      Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? openDirect(one, other) : openDirect(other, one))),
    )
    assert.equal(new Set(rooms.map(({ id }) => id)).size, 1)
  })
})
