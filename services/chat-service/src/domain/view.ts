import { isoTime } from '@bigtech/kernel'
import { messageId } from '../contract/ids.ts'
import type { MessageView } from '../contract/schemas.ts'
import { idOf, type MessageRow } from './message.ts'

/** A message as the API and the stream show it. */
export function viewMessage(row: MessageRow, unreadCount: number): MessageView {
  return {
    id: idOf(row),
    room_id: row.room_id,
    user_id: row.user_id,
    content: row.content,
    message_type: row.message_type,
    seq: row.seq,
    rev: row.rev,
    created_at: isoTime(row.created_at),
    edited_at: row.edited_at === null ? null : isoTime(row.edited_at),
    is_deleted: row.deleted_at !== null,
    reply_to: row.reply_to === null ? null : messageId(row.room_id, row.reply_to),
    reactions: Object.entries(row.reactions).map(([emoji, user_ids]) => ({
      emoji,
      count: user_ids.length,
      user_ids: [...user_ids],
    })),
    mentions: row.mentions.map((mention) => ({ ...mention })),
    unread_count: unreadCount,
    client_message_id: row.client_message_id,
    file: row.file && {
      ...row.file,
      url: `/files/${row.file.id}`,
      thumbnail_url: row.file.has_thumbnail ? `/files/${row.file.id}/thumbnail` : null,
    },
    system: row.system && { ...row.system },
    pinned_at: row.pinned_at === null ? null : isoTime(row.pinned_at),
    pinned_by: row.pinned_by,
  }
}
