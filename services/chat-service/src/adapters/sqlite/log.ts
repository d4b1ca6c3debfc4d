import type { DatabaseSync } from 'node:sqlite'
import type { EventRecord } from '@bigtech/messaging'
import { calledBy, type Mention } from '../../domain/mention.ts'
import type { FileInfo, MessageRow, MessageType, SystemEvent } from '../../domain/message.ts'
import type { Committed } from '../../ports.ts'
import type { Head, Reader, RoomHeads } from './room-heads.ts'
import { fromMentions, toMessageRow } from './rows.ts'

export type NewRow = Readonly<{
  room_id: number
  user_id: number
  message_type: MessageType
  content: string
  reply_to: number | null
  file: FileInfo | null
  client_message_id: string | null
  system: SystemEvent | null
  mentions?: readonly Mention[]
  now: number
}>

/** What the log adds to a new message. */
export type Place = Readonly<{ seq: number; rev: number; pos: number; unread_count: number; old_read_seq: number }>

/** A change with its place in the commit order of this store. */
export type Positioned = Committed & Readonly<{ pos: number }>

/** The change that a message is, once it has its place. */
export function committedMessage(message: NewRow, place: Place): Extract<Positioned, { kind: 'message' }> {
  const { seq, rev, pos, unread_count, old_read_seq } = place
  const row: MessageRow = {
    room_id: message.room_id,
    seq,
    rev,
    user_id: message.user_id,
    message_type: message.message_type,
    content: message.content,
    reply_to: message.reply_to,
    file: message.file,
    client_message_id: message.client_message_id,
    system: message.system,
    reactions: {},
    mentions: message.mentions ?? [],
    created_at: message.now,
    edited_at: null,
    deleted_at: null,
    pinned_at: null,
    pinned_by: null,
  }
  return { kind: 'message', pos, row, unread_count, old_read_seq }
}

/** Every command answers with what it committed, for the feed, and with whose profile or blocks it changed. */
export type Result<T> = Readonly<{ value: T; committed: readonly Positioned[]; people?: readonly number[] }>

/**
 * The parts all commands of the writer thread share: positions, revisions, appending, events.
 * Runs inside the transaction of the command.
 */
export function createLog(
  db: DatabaseSync,
  heads: RoomHeads,
  messaging: { enqueue(records: readonly EventRecord[], now: number): void },
) {
  const lastPos = db.prepare('SELECT COALESCE(MAX(last_pos), 0) AS pos FROM rooms').get()!
  let pos = Number(lastPos['pos'])

  const unhide = db.prepare('UPDATE members SET hidden = 0 WHERE room_id = ? AND hidden = 1')
  const insertMessage = db.prepare(
    `INSERT INTO messages (room_id, seq, rev, pos, user_id, message_type, content, client_message_id, reply_to, file, system, mentions, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (room_id, user_id, client_message_id) WHERE client_message_id IS NOT NULL DO NOTHING`,
  )
  const insertMentioned = db.prepare('INSERT INTO mentioned (room_id, user_id, seq) VALUES (?, ?, ?)')
  const removeMentioned = db.prepare('DELETE FROM mentioned WHERE room_id = ? AND user_id = ? AND seq = ?')
  const selectMessage = db.prepare('SELECT * FROM messages WHERE room_id = ? AND seq = ?')
  const countUnread = db.prepare('SELECT count(*) AS n FROM members WHERE room_id = ? AND read_seq < ?')

  const json = (value: unknown) => (value === null ? null : JSON.stringify(value))

  return {
    /** The next place in the store's commit order. Rolled-back positions leave holes, which is harmless. */
    nextPos: (): number => ++pos,

    /** To be called before statements that read or change counters or read positions of a room: they are in the tables then. */
    settle(roomId: number): void {
      heads.flush()
      heads.forget(roomId)
    },

    /** Makes a room appear among those with something after an older position. */
    touch(roomId: number, at: number): void {
      const head = heads.get(roomId)!
      head.last_pos = at
      heads.changed(roomId, head)
    },

    nextRev(roomId: number, at: number): number {
      const head = heads.get(roomId)!
      head.last_pos = at
      heads.changed(roomId, head)
      return ++head.rev
    },

    /** Undefined for somebody who is no member. */
    readState(roomId: number, userId: number): { head: Head; reader: Reader } | undefined {
      const head = heads.get(roomId)
      const reader = head && heads.reader(head, roomId, userId)
      return reader && { head, reader }
    },

    setRead(roomId: number, { head, reader }: { head: Head; reader: Reader }, seq: number): number {
      reader.read_seq = seq
      reader.read_pos = head.last_pos = ++pos
      heads.changed(roomId, head, reader)
      return pos
    },

    /**
     * Appends a row: next seq and rev, the author's read_seq moved along. The author need not be a member (system messages).
     * Undefined, and nothing done, when the author has used the client_message_id in this room.
     */
    append(message: NewRow): Place | undefined {
      const { room_id, user_id, now, mentions = [] } = message
      const head = heads.get(room_id)!
      const seq = head.last_seq + 1
      const rev = head.rev + 1
      const at = pos + 1
      const inserted = insertMessage.run(
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
        fromMentions(mentions),
        now,
      )
      if (inserted.changes === 0) return undefined
      for (const called of calledBy(mentions)) insertMentioned.run(room_id, called, seq)
      pos = at
      head.last_seq = seq
      head.rev = rev
      head.last_pos = at
      head.last_activity_at = Math.max(head.last_activity_at, now)
      if (head.hidden) unhide.run(room_id)
      head.hidden = false
      const reader = heads.reader(head, room_id, user_id)
      const old_read_seq = reader?.read_seq ?? seq
      if (reader) {
        reader.read_seq = seq
        reader.read_pos = at
      }
      heads.changed(room_id, head, reader)
      return { seq, rev, pos: at, unread_count: head.member_count - (reader ? 1 : 0), old_read_seq }
    },

    /** Whom a message called before, and calls now. */
    setMentioned({ room_id, seq, mentions }: MessageRow, before: readonly Mention[]): void {
      for (const called of calledBy(before)) removeMentioned.run(room_id, called, seq)
      for (const called of calledBy(mentions)) insertMentioned.run(room_id, called, seq)
    },

    row(roomId: number, seq: number): MessageRow | undefined {
      const row = selectMessage.get(roomId, seq)
      return row && toMessageRow(row)
    },

    unreadCount(roomId: number, seq: number): number {
      heads.flush()
      return Number(countUnread.get(roomId, seq)!['n'])
    },

    /** Stores an event in the same transaction as the change it tells of. */
    publish(record: EventRecord, now: number): void {
      messaging.enqueue([record], now)
    },
  }
}

export type Log = ReturnType<typeof createLog>
