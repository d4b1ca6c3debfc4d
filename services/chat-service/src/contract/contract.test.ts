import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { defineEvents } from '@bigtech/messaging'
import { chatEvents } from './events.ts'
import { kinds } from './event-kinds.ts'
import { messageId, parseMessageId } from './ids.ts'

describe('message ids', () => {
  it('name a place', () => assert.deepEqual(parseMessageId(messageId(12, 345)), { room_id: 12, seq: 345 }))
  for (const id of [
    '',
    'msg_',
    'msg_1',
    'msg_0_1',
    'msg_1_0',
    'msg_01_1',
    'msg_1_1_1',
    'msg_-1_1',
    '../msg_1_1',
    'msg_1_99999999999999999',
  ])
    it(`${JSON.stringify(id)} is none`, () => assert.equal(parseMessageId(id), undefined))
})

describe('events', () => {
  const registry = defineEvents(chatEvents)
  it('every kind has a description and the reverse', () =>
    assert.deepEqual(chatEvents.map((event) => event.type).toSorted(), Object.keys(kinds).toSorted()))
  it('what is made keeps its schema', () => {
    const on = { message_id: 'msg_1_2', room_id: 1, user_id: 3, seq: 2, rev: 2 }
    const calls = { mentions: [5], mentions_everyone: false }
    const said = { content: '안녕', message_type: 'text' }
    const records = [
      kinds.MessageSent.make({ ...on, ...said, reply_to: 'msg_1_1', reply_to_user_id: 4, file_id: null, ...calls }),
      kinds.MessageReactionAdded.make({ ...on, emoji: '👍', author_id: 4 }),
      kinds.MessagesRead.make({ room_id: 1, user_id: 3, old_read_seq: 0, read_seq: 2 }),
      kinds.ChatRoomCreated.make({ room_id: 1, room_type: 'group', name: '방', created_by: 1, member_ids: [1, 2] }),
      kinds.RoomMemberLeft.make({ room_id: 1, user_id: 2, via: 'left', new_owner: null }),
    ]
    for (const record of records) assert.deepEqual(registry.validate(record), [], record.value.event_type)
    assert.equal(records[0]!.key, '1')
  })
})
