import type { DatabaseSync } from 'node:sqlite'

export type Head = {
  readonly type: 'direct' | 'group'
  readonly member_count: number
  last_seq: number
  rev: number
  last_pos: number
  last_activity_at: number
  /** A direct room that somebody has cleared from their list. */
  hidden: boolean
  readonly readers: Map<number, Reader>
  dirty: boolean
}
export type Reader = { read_seq: number; read_pos: number; dirty: boolean }

/** Rooms kept in memory; beyond, all are read anew. */
const MAX_ROOMS = 20_000

/**
 * Counters and read positions of busy rooms, in the memory of the thread that alone changes them. A message changes its room and
 * its author's read position; what a commit holds of one room is written once, by `flush`.
 */
export function createRoomHeads(db: DatabaseSync) {
  const heads = new Map<number, Head>()
  const dirty = new Map<number, Head>()
  const select = db.prepare(
    `SELECT type, member_count, last_seq, rev, last_pos, last_activity_at,
       EXISTS (SELECT 1 FROM members WHERE room_id = id AND hidden = 1) AS hidden
     FROM rooms WHERE id = ?`,
  )
  const selectReader = db.prepare('SELECT read_seq, read_pos FROM members WHERE room_id = ? AND user_id = ?')
  const update = db.prepare('UPDATE rooms SET last_seq = ?, rev = ?, last_pos = ?, last_activity_at = ? WHERE id = ?')
  const updateReader = db.prepare('UPDATE members SET read_seq = ?, read_pos = ? WHERE room_id = ? AND user_id = ?')

  return {
    get(roomId: number): Head | undefined {
      const known = heads.get(roomId)
      if (known) return known
      const row = select.get(roomId)
      if (!row) return undefined
      const head: Head = {
        type: row['type'] as Head['type'],
        member_count: Number(row['member_count']),
        last_seq: Number(row['last_seq']),
        rev: Number(row['rev']),
        last_pos: Number(row['last_pos']),
        last_activity_at: Number(row['last_activity_at']),
        hidden: row['hidden'] === 1,
        readers: new Map(),
        dirty: false,
      }
      heads.set(roomId, head)
      return head
    },

    /** Undefined for somebody who is no member. */
    reader(head: Head, roomId: number, userId: number): Reader | undefined {
      const known = head.readers.get(userId)
      if (known) return known
      const row = selectReader.get(roomId, userId)
      if (!row) return undefined
      const reader = { read_seq: Number(row['read_seq']), read_pos: Number(row['read_pos']), dirty: false }
      head.readers.set(userId, reader)
      return reader
    },

    /** After a change of the head, or of the reader given. */
    changed(roomId: number, head: Head, reader?: Reader): void {
      head.dirty = true
      if (reader) reader.dirty = true
      dirty.set(roomId, head)
    },

    /** Writes what changed. Needed before a statement that reads these columns. */
    flush(): void {
      for (const [roomId, head] of dirty) {
        update.run(head.last_seq, head.rev, head.last_pos, head.last_activity_at, roomId)
        for (const [userId, reader] of head.readers) {
          if (!reader.dirty) continue
          updateReader.run(reader.read_seq, reader.read_pos, roomId, userId)
          reader.dirty = false
        }
      }
      dirty.clear()
      if (heads.size > MAX_ROOMS) heads.clear()
    },

    /** After a statement that changed rooms or members (which must have been flushed before). */
    forget(roomId: number): void {
      heads.delete(roomId)
    },

    /** After a rollback: nothing here is certain any more. */
    forgetAll(): void {
      heads.clear()
      dirty.clear()
    },
  }
}

export type RoomHeads = ReturnType<typeof createRoomHeads>
