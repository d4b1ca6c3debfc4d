import type { DatabaseSync } from 'node:sqlite'
import { redactionHeader } from '@bigtech/messaging/redaction'
import { kinds } from '../../contract/event-kinds.ts'
import { messageId } from '../../contract/ids.ts'
import {
  decideChange,
  DEFAULT_LIMITS,
  idOf,
  type Actor,
  type ChangeLimits,
  type MessageChange,
  type MessageRow,
  type Refusal,
} from '../../domain/message.ts'
import type { NewMessage } from '../../ports.ts'
import type { Log, Place, Result } from './log.ts'
import { toMessageRow } from './rows.ts'
import type { SearchChanges } from './search-changes.ts'

export type ChangeCommand = {
  room_id: number
  seq: number
  change: MessageChange
  actor: Actor
  limits?: ChangeLimits
  now: number
  traceparent: string
}
export type ChangeOutcome =
  | { row: MessageRow; unread_count: number }
  | { refused: Refusal | 'MESSAGE_NOT_FOUND' | 'NOT_A_MEMBER' | 'TOO_MANY_PINS' }
export type AppendOutcome = Place | { repeated: MessageRow; unread_count: number } | 'conflict' | 'not_member'
export type ReadCommand = { room_id: number; user_id: number; seq: number; now: number; traceparent: string }

export function createMessageCommands(db: DatabaseSync, log: Log, search: SearchChanges) {
  const findRepeat = db.prepare('SELECT * FROM messages WHERE room_id = ? AND user_id = ? AND client_message_id = ?')
  const attach = db.prepare('INSERT INTO attachments VALUES (?, ?, ?)')
  const detach = db.prepare('DELETE FROM attachments WHERE room_id = ? AND seq = ? RETURNING file_id')
  const countAttachments = db.prepare('UPDATE files SET attachments = attachments + ? WHERE id = ?')
  const joined = db.prepare('SELECT join_seq FROM members WHERE room_id = ? AND user_id = ?')
  const update = db.prepare(
    `UPDATE messages SET first_rev = coalesce(first_rev, rev), rev = ?, pos = ?, content = ?, file = ?, reactions = ?, edited_at = ?, deleted_at = ?, pinned_at = ?, pinned_by = ?
     WHERE room_id = ? AND seq = ?`,
  )
  const countPins = db.prepare('SELECT count(*) AS n FROM messages WHERE room_id = ? AND pinned_at IS NOT NULL')

  return {
    /** Answers with the message's place alone: who asked has the message. */
    append(message: NewMessage): Result<AppendOutcome> {
      const { room_id, user_id, client_message_id } = message
      if (!log.readState(room_id, user_id)) return { value: 'not_member', committed: [] }
      const place = log.append({ ...message, system: null })
      if (!place) {
        const earlier = findRepeat.get(room_id, user_id, client_message_id)!
        return { value: repeat(toMessageRow(earlier), message), committed: [] }
      }
      const { seq, rev } = place
      const { file, reply_to } = message
      if (file) {
        attach.run(file.id, room_id, seq)
        countAttachments.run(1, file.id)
      }
      log.publish(
        kinds.MessageSent.make(
          {
            message_id: messageId(room_id, seq),
            room_id,
            user_id,
            seq,
            rev,
            content: message.content,
            message_type: message.message_type,
            reply_to: reply_to === null ? null : messageId(room_id, reply_to),
            file_id: file?.id ?? null,
          },
          message,
        ),
        message.now,
      )
      return { value: place, committed: [] }
    },

    change(command: ChangeCommand): Result<ChangeOutcome> {
      const { room_id, seq, change, actor, now, limits = DEFAULT_LIMITS } = command
      const row = log.row(room_id, seq)
      if (!row) return { value: { refused: 'MESSAGE_NOT_FOUND' }, committed: [] }
      // The use case has checked it; until this transaction the actor may have left, or left and come back.
      const member = joined.get(room_id, actor.user_id)
      if (!member) return { value: { refused: 'NOT_A_MEMBER' }, committed: [] }
      if (seq <= Number(member['join_seq'])) return { value: { refused: 'MESSAGE_NOT_FOUND' }, committed: [] }
      const decision = decideChange(row, change, actor, now, limits)
      if (decision.outcome === 'refused') return { value: { refused: decision.code }, committed: [] }
      const unread_count = log.unreadCount(room_id, seq)
      if (decision.outcome === 'unchanged') return { value: { row, unread_count }, committed: [] }
      if (change.kind === 'pin' && Number(countPins.get(room_id)!['n']) >= limits.pins)
        return { value: { refused: 'TOO_MANY_PINS' }, committed: [] }

      const pos = log.nextPos()
      const next: MessageRow = { ...decision.row, rev: log.nextRev(room_id, pos) }
      update.run(
        next.rev,
        pos,
        next.content,
        next.file && JSON.stringify(next.file),
        Object.keys(next.reactions).length > 0 ? JSON.stringify(next.reactions) : null,
        next.edited_at,
        next.deleted_at,
        next.pinned_at,
        next.pinned_by,
        room_id,
        seq,
      )
      if (change.kind === 'delete')
        for (const gone of detach.all(room_id, seq)) countAttachments.run(-1, gone['file_id']!)
      if (change.kind === 'edit' || change.kind === 'delete') search.note(room_id, seq)
      log.publish(eventOf(row, next, change, actor, command), now)
      return { value: { row: next, unread_count }, committed: [{ kind: 'changed', pos, row: next, unread_count }] }
    },

    markRead({
      room_id,
      user_id,
      seq,
      now,
      traceparent,
    }: ReadCommand): Result<{ old_read_seq: number; read_seq: number } | 'not_member'> {
      const state = log.readState(room_id, user_id)
      if (!state) return { value: 'not_member', committed: [] }
      const old_read_seq = state.reader.read_seq
      const read_seq = Math.max(old_read_seq, Math.min(seq, state.head.last_seq))
      if (read_seq === old_read_seq) return { value: { old_read_seq, read_seq }, committed: [] }
      const pos = log.setRead(room_id, state, read_seq)
      log.publish(kinds.MessagesRead.make({ room_id, user_id, old_read_seq, read_seq }, { now, traceparent }), now)
      return {
        value: { old_read_seq, read_seq },
        committed: [{ kind: 'read', pos, room_id, user_id, old_read_seq, read_seq }],
      }
    },
  }

  function repeat(row: MessageRow, message: NewMessage): AppendOutcome {
    // An original edited or deleted since is still the original: only what cannot change is compared then.
    const touched = row.edited_at !== null || row.deleted_at !== null
    const same =
      row.message_type === message.message_type &&
      row.reply_to === message.reply_to &&
      (touched || (row.content === message.content && row.file?.id === message.file?.id))
    if (!same) return 'conflict'
    return { repeated: row, unread_count: log.unreadCount(row.room_id, row.seq) }
  }
}

function eventOf(before: MessageRow, row: MessageRow, change: MessageChange, actor: Actor, command: ChangeCommand) {
  const context = command
  const on = { message_id: idOf(row), room_id: row.room_id, user_id: actor.user_id, seq: row.seq, rev: row.rev }
  switch (change.kind) {
    case 'edit':
      return kinds.MessageEdited.make({ ...on, content: row.content }, { ...context, headers: takesBack(before) })
    case 'delete':
      return kinds.MessageDeleted.make(on, { ...context, headers: takesBack(before) })
    case 'react':
      return kinds.MessageReactionAdded.make({ ...on, emoji: change.emoji }, context)
    case 'unreact':
      return kinds.MessageReactionRemoved.make({ ...on, emoji: change.emoji }, context)
    case 'pin':
      return kinds.MessagePinned.make(on, context)
    case 'unpin':
      return kinds.MessageUnpinned.make(on, context)
  }
}

/** The text that was there until now is in the event of its last edit, or of its sending. */
const takesBack = (before: MessageRow): Record<string, string> =>
  redactionHeader({
    field: 'message_id',
    value: idOf(before),
    since: before.edited_at ?? before.created_at,
    clear: ['content'],
  })
