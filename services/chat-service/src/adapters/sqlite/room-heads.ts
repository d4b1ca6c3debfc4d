import type { DatabaseSync } from 'node:sqlite'

export type Head = {
  readonly member_count: number
  last_seq: number
  rev: number
  last_pos: number
  last_activity_at: number
  /** A direct room that somebody has cleared from their list. */
  hidden: boolean
  readonly readers: Map<number, Reader>
  /** Readers whose position is not in the table yet. */
  readonly moved: Set<Reader>
}
export type Reader = { readonly user_id: number; read_seq: number; read_pos: number }

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
    `SELECT member_count, last_seq, rev, last_pos, last_activity_at,
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
        member_count: Number(row['member_count']),
        last_seq: Number(row['last_seq']),
        rev: Number(row['rev']),
        last_pos: Number(row['last_pos']),
        last_activity_at: Number(row['last_activity_at']),
        hidden: row['hidden'] === 1,
        readers: new Map(),
        moved: new Set(),
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
      const reader = { user_id: userId, read_seq: Number(row['read_seq']), read_pos: Number(row['read_pos']) }
      head.readers.set(userId, reader)
      return reader
    },

    /** After a change of the head, or of the reader given. */
    changed(roomId: number, head: Head, reader?: Reader): void {
      if (reader) head.moved.add(reader)
      dirty.set(roomId, head)
    },

    /** Writes what changed. Needed before a statement that reads these columns. */
    flush(): void {
      for (const [roomId, head] of dirty) {
        update.run(head.last_seq, head.rev, head.last_pos, head.last_activity_at, roomId)
        for (const { user_id, read_seq, read_pos } of head.moved) updateReader.run(read_seq, read_pos, roomId, user_id)
        head.moved.clear()
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
