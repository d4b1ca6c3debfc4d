import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import type { MessageRow } from '../../domain/message.ts'
import { toMessageRow } from './rows.ts'

/** Messages looked at in one step: many of them may have been changed, and then they are not what is looked for. */
const WINDOW = 2_000

type Row = Record<string, SQLOutputValue>

/**
 * A room's rows by revision, without an index over all of them: most rows are never changed, and their revisions grow with
 * `seq`. Only changed rows (`first_rev` says which revision they came with) are indexed by `rev`, so that a new message has one
 * index entry less to write. Rows are never removed, so that `seq` has no holes to fall into.
 */
export function createRevisions(db: DatabaseSync, window = WINDOW) {
  const lastSeq = db.prepare('SELECT max(seq) AS seq FROM messages WHERE room_id = ?')
  const firstRev = db.prepare('SELECT coalesce(first_rev, rev) AS rev FROM messages WHERE room_id = ? AND seq = ?')
  const unchangedFrom = db.prepare(
    'SELECT * FROM messages WHERE room_id = ? AND seq >= ? AND seq < ? AND first_rev IS NULL ORDER BY seq LIMIT ?',
  )
  const changedAfter = db.prepare(
    'SELECT * FROM messages WHERE room_id = ? AND rev > ? AND first_rev IS NOT NULL ORDER BY rev LIMIT ?',
  )
  const unchangedAt = db.prepare(
    'SELECT rev FROM messages WHERE room_id = ? AND pos <= ? AND first_rev IS NULL ORDER BY seq DESC LIMIT 1',
  )
  const changedAt = db.prepare(
    'SELECT rev FROM messages WHERE room_id = ? AND pos <= ? AND first_rev IS NOT NULL ORDER BY rev DESC LIMIT 1',
  )

  const last = (roomId: number) => Number(lastSeq.get(roomId)!['seq'] ?? 0)
  const cameWith = (roomId: number, seq: number) => Number(firstRev.get(roomId, seq)?.['rev'] ?? 0)

  /** The first message that came with a revision above `rev`; one past the last if none did. Looks back from the end, doubling. */
  const firstSeqAfter = (roomId: number, rev: number): number => {
    const cameBefore = (seq: number) => seq === 0 || cameWith(roomId, seq) <= rev
    let before = last(roomId)
    let after = before + 1
    for (let step = 1; !cameBefore(before); step *= 2) {
      after = before
      before = Math.max(0, before - step)
    }
    while (after - before > 1) {
      const middle = (before + after) >> 1
      if (cameBefore(middle)) before = middle
      else after = middle
    }
    return after
  }

  /** Unchanged rows above `rev`, and the revision to which they are complete. */
  const unchangedAfter = (roomId: number, rev: number, limit: number): { rows: Row[]; upTo: number } => {
    const from = firstSeqAfter(roomId, rev)
    const end = last(roomId) + 1
    for (let width = window; ; width *= 2) {
      const rows = unchangedFrom.all(roomId, from, from + width, limit)
      if (rows.length === limit) return { rows, upTo: Number(rows.at(-1)!['rev']) }
      if (from + width >= end) return { rows, upTo: Infinity }
      const upTo = cameWith(roomId, from + width) - 1
      if (upTo > rev) return { rows, upTo }
    }
  }

  return {
    /**
     * Rows whose newest change is in (rev, upTo], by revision, at most `limit`. `upTo` is null when there are no more. There may be
     * more after few rows or none: messages looked at in one call are bounded, too.
     */
    after(roomId: number, rev: number, limit: number): { rows: MessageRow[]; upTo: number | null } {
      const changed = changedAfter.all(roomId, rev, limit)
      const unchanged = unchangedAfter(roomId, rev, limit)
      const changedUpTo = changed.length === limit ? Number(changed.at(-1)!['rev']) : Infinity
      const upTo = Math.min(unchanged.upTo, changedUpTo)
      const rows = [...unchanged.rows, ...changed]
        .map(toMessageRow)
        .filter((row) => row.rev <= upTo)
        .sort((a, b) => a.rev - b.rev)
      if (rows.length > limit) return { rows: rows.slice(0, limit), upTo: rows[limit - 1]!.rev }
      return { rows, upTo: upTo === Infinity ? null : upTo }
    },

    /** The newest revision among rows as they stand at or before a position of the store; 0 if there is none. */
    at(roomId: number, pos: number): number {
      const revs = [unchangedAt.get(roomId, pos), changedAt.get(roomId, pos)]
      return Math.max(...revs.map((row) => Number(row?.['rev'] ?? 0)))
    },
  }
}
