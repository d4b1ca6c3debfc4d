import type { DatabaseSync } from 'node:sqlite'
import type { EventRecord } from '@bigtech/messaging'
import type { FileInfo, MessageRow, MessageType, SystemEvent } from '../../domain/message.ts'
import type { Committed } from '../../ports.ts'
import { toMessageRow } from './rows.ts'

export type NewRow = Readonly<{
  room_id: number
  user_id: number
  message_type: MessageType
  content: string
  reply_to: number | null
  file: FileInfo | null
  client_message_id: string | null
  system: SystemEvent | null
  now: number
}>

/** Every command answers with what it committed, for the feed. */
export type Result<T> = Readonly<{ value: T; committed: readonly Committed[] }>

/**
 * The parts all commands of the writer thread share: positions, revisions, appending, events.
 * Runs inside the transaction of the command.
 */
export function createLog(
  db: DatabaseSync,
  messaging: { enqueue(records: readonly EventRecord[], now: number): void },
) {
  const lastPos = db.prepare('SELECT COALESCE(MAX(last_pos), 0) AS pos FROM rooms').get()!
  let pos = Number(lastPos['pos'])

  const bumpForMessage = db.prepare(
    `UPDATE rooms SET last_seq = last_seq + 1, rev = rev + 1, last_pos = ?, last_activity_at = max(last_activity_at, ?)
     WHERE id = ? RETURNING last_seq, rev, member_count, type`,
  )
  const bumpForChange = db.prepare('UPDATE rooms SET rev = rev + 1, last_pos = ? WHERE id = ? RETURNING rev')
  const touchRoom = db.prepare('UPDATE rooms SET last_pos = ? WHERE id = ?')
  const readSeq = db.prepare('SELECT read_seq FROM members WHERE room_id = ? AND user_id = ?')
  const setReadSeq = db.prepare('UPDATE members SET read_seq = ?, read_pos = ? WHERE room_id = ? AND user_id = ?')
  const unhide = db.prepare('UPDATE members SET hidden = 0 WHERE room_id = ? AND hidden = 1')
  const insertMessage = db.prepare(
    `INSERT INTO messages (room_id, seq, rev, pos, user_id, message_type, content, client_message_id, reply_to, file, system, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const selectMessage = db.prepare('SELECT * FROM messages WHERE room_id = ? AND seq = ?')
  const countUnread = db.prepare('SELECT count(*) AS n FROM members WHERE room_id = ? AND read_seq < ?')

  const json = (value: unknown) => (value === null ? null : JSON.stringify(value))

  return {
    /** The next place in the store's commit order. Rolled-back positions leave holes, which is harmless. */
    nextPos: (): number => ++pos,

    /** Makes a room appear among those with something after an older position. */
    touch: (roomId: number, at: number) => touchRoom.run(at, roomId),

    nextRev(roomId: number, at: number): number {
      return Number(bumpForChange.get(at, roomId)!['rev'])
    },

    /** Appends a row: next seq and rev, the author's read_seq moved along. The author need not be a member (system messages). */
    append(message: NewRow): Extract<Committed, { kind: 'message' }> {
      const at = ++pos
      const { room_id, user_id, now } = message
      const head = bumpForMessage.get(at, now, room_id)!
      const seq = Number(head['last_seq'])
      const rev = Number(head['rev'])
      if (head['type'] === 'direct') unhide.run(room_id)
      const before = readSeq.get(room_id, user_id)
      const isMember = before !== undefined
      if (isMember) setReadSeq.run(seq, at, room_id, user_id)
      insertMessage.run(
        room_id,
        seq,
        rev,
        at,
        user_id,
        message.message_type,
        message.content,
        message.client_message_id,
        message.reply_to,
        json(message.file),
        json(message.system),
        now,
      )
      const row: MessageRow = {
        room_id,
        seq,
        rev,
        pos: at,
        user_id,
        message_type: message.message_type,
        content: message.content,
        reply_to: message.reply_to,
        file: message.file,
        client_message_id: message.client_message_id,
        system: message.system,
        reactions: {},
        created_at: now,
        edited_at: null,
        deleted_at: null,
        pinned_at: null,
        pinned_by: null,
      }
      return {
        kind: 'message',
        pos: at,
        row,
        unread_count: Number(head['member_count']) - (isMember ? 1 : 0),
        old_read_seq: isMember ? Number(before['read_seq']) : seq,
      }
    },

    row(roomId: number, seq: number): MessageRow | undefined {
      const row = selectMessage.get(roomId, seq)
      return row && toMessageRow(row)
    },

    unreadCount: (roomId: number, seq: number): number => Number(countUnread.get(roomId, seq)!['n']),

    /** Stores an event in the same transaction as the change it tells of. */
    publish(record: EventRecord, now: number): void {
      messaging.enqueue([record], now)
    },
  }
}

export type Log = ReturnType<typeof createLog>
