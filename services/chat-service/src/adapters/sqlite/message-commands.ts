import type { DatabaseSync } from 'node:sqlite'
import { kinds } from '../../contract/event-kinds.ts'
import {
  decideChangeIn,
  isSentAgain,
  type Actor,
  type ChangeLimits,
  type ChangeRefusal,
  type MessageChange,
  type MessageRow,
} from '../../domain/message.ts'
import { nextReadSeq } from '../../domain/room.ts'
import type { NewMessage } from '../../ports.ts'
import { changeEvent, sentEvent, textSince } from '../message-events.ts'
import type { Log, Place, Result } from './log.ts'
import { fromMentions, toMessageRow } from './rows.ts'
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
export type ChangeOutcome = { row: MessageRow; unread_count: number } | { refused: ChangeRefusal }
export type AppendOutcome = Place | { repeated: MessageRow; unread_count: number } | 'conflict' | 'not_member'
export type ReadCommand = { room_id: number; user_id: number; seq: number; now: number; traceparent: string }

export function createMessageCommands(db: DatabaseSync, log: Log, search: SearchChanges) {
  const findRepeat = db.prepare('SELECT * FROM messages WHERE room_id = ? AND user_id = ? AND client_message_id = ?')
  const attach = db.prepare('INSERT INTO attachments VALUES (?, ?, ?)')
  const detach = db.prepare('DELETE FROM attachments WHERE room_id = ? AND seq = ? RETURNING file_id')
  const countAttachments = db.prepare('UPDATE files SET attachments = attachments + ? WHERE id = ?')
  const joined = db.prepare('SELECT join_seq FROM members WHERE room_id = ? AND user_id = ?')
  const update = db.prepare(
    `UPDATE messages SET first_rev = coalesce(first_rev, rev), rev = ?, pos = ?, content = ?, file = ?, reactions = ?, mentions = ?, edited_at = ?, deleted_at = ?, pinned_at = ?, pinned_by = ?
     WHERE room_id = ? AND seq = ?`,
  )
  const countPins = db.prepare('SELECT count(*) AS n FROM messages WHERE room_id = ? AND pinned_at IS NOT NULL')

  return {
    /** Answers with the message's place alone: who asked has the message. */
    append({ only_repeat, ...message }: NewMessage): Result<AppendOutcome> {
      const { room_id, user_id, client_message_id } = message
      if (only_repeat || !log.readState(room_id, user_id)) {
        // What somebody sent before leaving was not refused, whenever it is asked again.
        const earlier = findRepeat.get(room_id, user_id, client_message_id)
        const answer = earlier && repeat(toMessageRow(earlier), message)
        return { value: answer && answer !== 'conflict' ? answer : 'not_member', committed: [] }
      }
      const place = log.append({ ...message, system: null })
      if (!place) {
        const earlier = findRepeat.get(room_id, user_id, client_message_id)!
        return { value: repeat(toMessageRow(earlier), message), committed: [] }
      }
      const { seq, rev } = place
      const { file } = message
      if (file) {
        attach.run(file.id, room_id, seq)
        countAttachments.run(1, file.id)
      }
      log.publish(sentEvent({ ...message, seq, rev }, message), message.now)
      return { value: place, committed: [] }
    },

    change(command: ChangeCommand): Result<ChangeOutcome> {
      const { room_id, seq, change, actor } = command
      const row = log.row(room_id, seq)
      const member = joined.get(room_id, actor.user_id)
      const join_seq = member && Number(member['join_seq'])
      const decision = decideChangeIn({ row, join_seq, pins: () => Number(countPins.get(room_id)!['n']) }, command)
      if ('refused' in decision) return { value: decision, committed: [] }
      const unread_count = log.unreadCount(room_id, seq)
      if (!decision.isChanged) return { value: { row: decision.row, unread_count }, committed: [] }

      const pos = log.nextPos()
      const next: MessageRow = { ...decision.row, rev: log.nextRev(room_id, pos) }
      update.run(
        next.rev,
        pos,
        next.content,
        next.file && JSON.stringify(next.file),
        Object.keys(next.reactions).length > 0 ? JSON.stringify(next.reactions) : null,
        fromMentions(next.mentions),
        next.edited_at,
        next.deleted_at,
        next.pinned_at,
        next.pinned_by,
        room_id,
        seq,
      )
      if (change.kind === 'delete')
        for (const gone of detach.all(room_id, seq)) countAttachments.run(-1, gone['file_id']!)
      if (change.kind === 'edit' || change.kind === 'delete') {
        log.setMentioned(next, row!.mentions)
        search.note(room_id, seq)
      }
      const { now, traceparent } = command
      const emoji = 'emoji' in change ? { emoji: change.emoji } : {}
      const told = { row: next, kind: change.kind, ...emoji, by: actor.user_id, since: textSince(row!) }
      log.publish(changeEvent(told, { now, traceparent }), now)
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
      const read_seq = nextReadSeq(old_read_seq, seq, state.head.last_seq)
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
    if (!isSentAgain(row, message)) return 'conflict'
    return { repeated: row, unread_count: log.unreadCount(row.room_id, row.seq) }
  }
}
