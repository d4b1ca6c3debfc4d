import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { group, send, text, traceparent, type OpenStore } from './chat-store.fixture.ts'

/** What a store tells other services of messages and of rooms. */
export function chatEventsContract(name: string, open: OpenStore): void {
  describe(`${name}: events`, () => {
    it('stores message and event together', async (t) => {
      const store = await open(t)
      const room = await group(store, [2])
      await send(store, text(room, 1, '안녕'))
      const rows = await store.outbox.claim({ owner: 'test', limit: 100, leaseMs: 10_000, now: 1_000 })
      const sent = rows.find((row) => row.record.value.event_type === 'MessageSent')!
      assert.equal(sent.record.topic, 'message.events')
      assert.equal(sent.record.key, String(room))
      assert.equal(sent.record.value['content'], '안녕')
      assert.equal(sent.record.value['message_id'], `msg_${room}_2`)
      assert.equal(sent.record.headers['traceparent'], traceparent)
    })

    it('tells whose message is answered, and whose is reacted to', async (t) => {
      const store = await open(t)
      const room = await group(store, [2])
      const { row } = await send(store, text(room, 1, '점심?'))
      await send(store, { ...text(room, 2, '좋아'), reply_to: row.seq, reply_to_user_id: 1 })
      const actor = { user_id: 2, role: 'member', room_type: 'group' } as const
      const react = { kind: 'react', emoji: '👍' } as const
      await store.messages.change({ room_id: room, seq: row.seq, change: react, actor, now: 2_000, traceparent })
      const rows = await store.outbox.claim({ owner: 'test', limit: 100, leaseMs: 10_000, now: 2_000 })
      const told = (type: string, field: string) =>
        rows.flatMap(({ record: { value } }) => (value.event_type === type ? [value[field]] : []))
      assert.deepEqual(told('MessageSent', 'reply_to_user_id'), [null, 1])
      assert.deepEqual(told('MessageReactionAdded', 'author_id'), [1])
    })
  })
}
