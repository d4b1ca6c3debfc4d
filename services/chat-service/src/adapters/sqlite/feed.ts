import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import type { ChangeFeed, Missed, MissedRoom } from '../../ports.ts'
import type { Positioned } from './log.ts'
import { createRevisions } from './revisions.ts'
import { toSettings } from './rows.ts'
import { createSnapshot } from './snapshot.ts'
import { makeToken, readToken } from './tokens.ts'

export type SqliteFeed = ChangeFeed & {
  /** Takes what commands committed, in that order. */
  emit(changes: readonly Positioned[]): void
}

type MissedSince = Omit<Parameters<ChangeFeed['missed']>[0], 'token'> & Readonly<{ pos: number }>

/** Reads back what a connection missed since a position. */
export function createMissed(db: DatabaseSync): (query: MissedSince) => Omit<Missed, 'token'> {
  const rooms = db.prepare(
    `SELECT m.room_id, m.join_seq, m.join_pos, m.notify, m.muted_until, m.hidden, m.settings_pos, r.rev
     FROM members m JOIN rooms r ON r.id = m.room_id WHERE m.user_id = ? AND r.last_pos > ?`,
  )
  const left = db.prepare('SELECT room_id FROM former_members WHERE user_id = ? AND left_pos > ?')
  // Everything changed after a position lies above the newest revision at or before it: both grow together in a room.
  const revisions = createRevisions(db)
  const reads = db.prepare('SELECT user_id, read_seq FROM members WHERE room_id = ? AND read_pos > ?')

  return ({ user_id, pos, limit, total }) => {
    let affordable = total
    const inRoom = (row: Record<string, SQLOutputValue>): MissedRoom => {
      const room_id = Number(row['room_id'])
      const from_rev = revisions.at(room_id, pos)
      const most = Math.min(limit, affordable)
      const { rows, upTo } = revisions.after(room_id, from_rev, most + 1)
      const complete = upTo === null && rows.length <= most
      if (complete) affordable -= rows.length
      return {
        room_id,
        join_seq: Number(row['join_seq']),
        joined: Number(row['join_pos']) > pos,
        from_rev,
        to_rev: Number(row['rev']),
        rows: complete ? rows : null,
        reads: reads
          .all(room_id, pos)
          .map((read) => ({ user_id: Number(read['user_id']), read_seq: Number(read['read_seq']) })),
        settings: Number(row['settings_pos']) > pos ? { ...toSettings(row), hidden: row['hidden'] === 1 } : null,
      }
    }
    return {
      rooms: rooms.all(user_id, pos).map(inRoom),
      left: left.all(user_id, pos).map((row) => Number(row['room_id'])),
    }
  }
}

/** Emits what the writer committed. */
export function createFeed(db: DatabaseSync): SqliteFeed {
  const epoch = db.prepare('SELECT epoch FROM store').get()!['epoch'] as string
  let head = Number(db.prepare('SELECT COALESCE(MAX(last_pos), 0) AS pos FROM rooms').get()!['pos'])
  const listeners: Parameters<ChangeFeed['onCommitted']>[0][] = []

  const missedSince = createMissed(db)
  const snapshot = createSnapshot(db)

  return {
    token: () => makeToken(epoch, head),
    // It tells of all.
    follow: async () => () => undefined,
    onCommitted: (listener) => void listeners.push(listener),
    onStored: (listener) => void listeners.push(listener),
    emit(changes) {
      for (const change of changes) {
        head = Math.max(head, change.pos)
        const token = makeToken(epoch, change.pos)
        for (const listener of listeners) listener(change, token)
      }
    },
    async missed({ token, ...query }) {
      const pos = readToken(token, epoch)
      if (pos === undefined || pos > head) return undefined
      return snapshot(() => ({ ...missedSince({ ...query, pos }), token: makeToken(epoch, head) }))
    },
  }
}
