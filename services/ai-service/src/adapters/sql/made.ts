import type { Db, Trx } from './schema.ts'

const HOUR_MS = 3_600_000
/** Whole hours, with the one under way: never less than 24 hours, and less than 25. */
const HOURS = 24

const first = (now: number): number => Math.floor(now / HOUR_MS) - HOURS

/**
 * Counts one more of what somebody makes, unless there were so many within a day: also those that were deleted since, so that deleting makes no room.
 * Who calls sees to it that of one person and kind there is one transaction at a time.
 * @returns whether it may be made
 */
export async function countMade(
  trx: Trx,
  { user_id, what, most, now }: Readonly<{ user_id: number; what: string; most: number; now: number }>,
): Promise<boolean> {
  const rows = await trx
    .selectFrom('made_counts')
    .select(['hour', 'n'])
    .where('user_id', '=', user_id)
    .where('what', '=', what)
    .where('hour', '>=', first(now))
    .execute()
  if (rows.reduce((sum, { n }) => sum + n, 0) >= most) return false
  const hour = Math.floor(now / HOUR_MS)
  if (rows.some((row) => row.hour === hour))
    await trx
      .updateTable('made_counts')
      .set((row) => ({ n: row('n', '+', 1) }))
      .where('user_id', '=', user_id)
      .where('what', '=', what)
      .where('hour', '=', hour)
      .execute()
  else await trx.insertInto('made_counts').values({ user_id, what, hour, n: 1 }).execute()
  return true
}

export const ENTRY = 'entry'
export const noteAbout = (seniorId: number): string => `note ${seniorId}`

/** Those of a person, and those about them. */
export async function forgetMade(trx: Trx, userId: number): Promise<void> {
  await trx
    .deleteFrom('made_counts')
    .where((where) => where.or([where('user_id', '=', userId), where('what', '=', noteAbout(userId))]))
    .execute()
}

/** Those that count no more. */
export const pruneMade = (db: Db, now: number): Promise<unknown> =>
  db.deleteFrom('made_counts').where('hour', '<', first(now)).execute()
