import type { MessageRow } from './message.ts'

/** A text that nobody touched. */
export const row: MessageRow = {
  room_id: 1,
  seq: 5,
  rev: 5,
  user_id: 1,
  message_type: 'text',
  content: '안녕',
  reply_to: null,
  file: null,
  client_message_id: null,
  system: null,
  reactions: {},
  mentions: [],
  created_at: 1,
  edited_at: null,
  deleted_at: null,
  pinned_at: null,
  pinned_by: null,
}
