import type { DatabaseSync } from 'node:sqlite'

const DAY_MS = 86_400_000

/** Counts what somebody does in a day (UTC). */
export function createDailyCounts(db: DatabaseSync) {
  const count = db.prepare('SELECT n FROM daily_counts WHERE user_id = ? AND what = ? AND day = ?')
  const add = db.prepare(
    `INSERT INTO daily_counts (user_id, what, day, n) VALUES (?, ?, ?, 1)
     ON CONFLICT (user_id, what) DO UPDATE SET n = iif(day = excluded.day, n + 1, 1), day = excluded.day`,
  )
  return {
    /** Once more today: false, and not counted, when it is too often. */
    spend(userId: number, what: 'group' | 'invite_link', limit: number | undefined, now: number): boolean {
      const day = Math.floor(now / DAY_MS)
      if (limit !== undefined && Number(count.get(userId, what, day)?.['n'] ?? 0) >= limit) return false
      add.run(userId, what, day)
      return true
    },
  }
}

export type DailyCounts = ReturnType<typeof createDailyCounts>
