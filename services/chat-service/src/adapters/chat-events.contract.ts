import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { MessageLog } from '../ports.ts'
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

    it('tells whom a message calls', async (t) => {
      const store = await open(t)
      const room = await group(store, [2])
      const at = { offset: 0, length: 1 }
      await send(store, {
        ...text(room, 1, '@'),
        mentions: [
          { user_id: 2, ...at },
          { everyone: true, ...at },
        ],
      })
      await send(store, text(room, 1, '아무도'))
      const rows = await store.outbox.claim({ owner: 'test', limit: 100, leaseMs: 10_000, now: 2_000 })
      const sent = rows.filter(({ record: { value } }) => value.event_type === 'MessageSent')
      assert.deepEqual(
        sent.map(({ record: { value } }) => [value['mentions'], value['mentions_everyone']]),
        [
          [[2], true],
          [[], false],
        ],
      )
    })

    it('tells what a member wants to be told of: muting is telling nothing, and taking it back brings back what was before', async (t) => {
      const store = await open(t)
      const room_id = await group(store, [2])
      const on = { room_id, user_id: 2, now: 2_000, traceparent }
      const until = Date.parse('2026-01-27T10:00:00Z')
      const settings = async () => {
        const { notify, muted_until } = (await store.rooms.member(room_id, 2))!
        return [notify, muted_until]
      }
      assert.deepEqual(await settings(), ['all', null])
      await store.rooms.setSettings({ ...on, notify: 'mentions', muted_until: until })
      assert.deepEqual(await settings(), ['mentions', until])
      await store.rooms.setMuted({ ...on, muted: false })
      assert.deepEqual(await settings(), ['mentions', null])
      await store.rooms.setMuted({ ...on, muted: true })
      assert.deepEqual(await settings(), ['none', null])
      await store.rooms.setMuted({ ...on, muted: false })
      assert.deepEqual(await settings(), ['all', null])
      // Of the other's there is nothing to be seen, and nothing to be set by who is no member.
      assert.equal((await store.rooms.member(room_id, 1))!.notify, 'all')
      await store.rooms.setSettings({ ...on, user_id: 3, notify: 'none', muted_until: null })
      const rows = await store.outbox.claim({ owner: 'test', limit: 100, leaseMs: 10_000, now: 2_000 })
      const told = rows.filter(({ record: { value } }) => value.event_type === 'RoomSettingsChanged')
      assert.deepEqual(
        told.map(({ record: { topic, value } }) => [topic, value['user_id'], value['notify'], value['muted_until']]),
        [
          ['chat.events', 2, 'mentions', '2026-01-27T10:00:00.000Z'],
          ['chat.events', 2, 'mentions', null],
          ['chat.events', 2, 'none', null],
          ['chat.events', 2, 'all', null],
        ],
      )
    })

    it('tells what calls or answers somebody, and what others say, from what a few say', async (t) => {
      const store = await open(t)
      const room = await group(store, [2, 3])
      const say = (by: number, content: string, more: object = {}) =>
        send(store, { ...text(room, by, content), ...more })
      await say(1, 'a')
      await say(1, '@둘', { mentions: [{ offset: 0, length: 2, user_id: 2 }] })
      await say(1, 'b', { reply_to: 2 })
      await say(2, 'c')
      await say(1, '@셋', { mentions: [{ offset: 0, length: 2, user_id: 3 }] })
      await say(3, 'd')
      const gone = await say(3, 'e')
      await say(1, 'f')
      const by = {
        actor: { user_id: 3, role: 'member' as const, room_type: 'group' as const },
        now: 1_000,
        traceparent,
      }
      await store.messages.change({ room_id: room, seq: gone.row.seq, change: { kind: 'delete' }, ...by })
      const those = async (query: Partial<Parameters<MessageLog['worthTelling']>[0]> = {}) => {
        const all = { room_id: room, after: 0, before: 100, authors: [1, 2], limit: 10 }
        return (await store.messages.worthTelling({ ...all, ...query })).map(({ content }) => content)
      }
      assert.deepEqual(await those(), ['@둘', 'b', '@셋', 'd'])
      assert.deepEqual(await those({ authors: [1] }), ['@둘', 'b', 'c', '@셋', 'd'])
      assert.deepEqual(await those({ limit: 2 }), ['@셋', 'd'])
      assert.deepEqual(await those({ after: 3, before: 6 }), ['b'])
    })
  })
}
