import type { EventRecord } from '@bigtech/messaging'
import type { MakeOptions } from '@bigtech/messaging/event-kind'
import { redactionHeader } from '@bigtech/messaging/redaction'
import { kinds } from '../contract/event-kinds.ts'
import { messageId } from '../contract/ids.ts'
import { calledBy, EVERYONE, type Mention } from '../domain/mention.ts'
import { idOf, type MessageChange, type MessageRow } from '../domain/message.ts'

/** Events of messages, whichever store makes them. */

export const sentEvent = (
  row: Pick<MessageRow, 'room_id' | 'user_id' | 'seq' | 'rev' | 'content' | 'message_type' | 'reply_to' | 'file'> &
    Readonly<{ reply_to_user_id: number | null; mentions?: readonly Mention[] }>,
  options: MakeOptions,
): EventRecord => {
  const { room_id, user_id, seq, rev, content, message_type, reply_to, reply_to_user_id, file } = row
  const called = calledBy(row.mentions ?? [])
  return kinds.MessageSent.make(
    {
      message_id: idOf(row),
      room_id,
      user_id,
      seq,
      rev,
      content,
      message_type,
      reply_to: reply_to === null ? null : messageId(room_id, reply_to),
      reply_to_user_id,
      file_id: file?.id ?? null,
      mentions: called.filter((id) => id !== EVERYONE),
      mentions_everyone: called.includes(EVERYONE),
    },
    options,
  )
}

export type ChangeTold = Readonly<{
  /** After the change. */
  row: MessageRow
  kind: MessageChange['kind']
  emoji?: string
  /** Whose change it is. */
  by: number
  /** When the text that it takes back was written; of what takes nothing back it does not matter. */
  since: number
}>

/** The text that was there until now is in the event of its last edit, or of its sending. */
export const textSince = (before: MessageRow): number => before.edited_at ?? before.created_at

export function changeEvent({ row, kind, emoji = '', by, since }: ChangeTold, options: MakeOptions): EventRecord {
  const on = { message_id: idOf(row), room_id: row.room_id, user_id: by, seq: row.seq, rev: row.rev }
  const takesBack = () => ({
    ...options,
    headers: redactionHeader({ field: 'message_id', value: idOf(row), since, clear: ['content'] }),
  })
  switch (kind) {
    case 'edit':
      return kinds.MessageEdited.make({ ...on, content: row.content }, takesBack())
    case 'delete':
      return kinds.MessageDeleted.make(on, takesBack())
    case 'react':
      return kinds.MessageReactionAdded.make({ ...on, emoji, author_id: row.user_id }, options)
    case 'unreact':
      return kinds.MessageReactionRemoved.make({ ...on, emoji }, options)
    case 'pin':
      return kinds.MessagePinned.make(on, options)
    case 'unpin':
      return kinds.MessageUnpinned.make(on, options)
  }
}
