import { enqueue } from '@bigtech/messaging'
import { isUniqueViolation, transaction } from '@bigtech/sql'
import type { WeekStore } from '../../ports.ts'
import { toEntry } from './entry-rows.ts'
import type { Db } from './schema.ts'

export const createSqlWeekStore = (db: Db): WeekStore => ({
  async isCounted(weekStart) {
    const row = await db
      .selectFrom('counted_weeks')
      .select('week_start')
      .where('week_start', '=', weekStart)
      .executeTakeFirst()
    return row !== undefined
  },
  async entriesOf({ start, end, after, limit }) {
    const rows = await db
      .selectFrom('entries')
      .selectAll()
      .where('id', '>', after)
      .where('created_at', '>=', start)
      .where('created_at', '<', end)
      .orderBy('id')
      .limit(limit)
      .execute()
    return rows.map(toEntry)
  },
  async tell({ week_start, now, events }) {
    try {
      await transaction(db, async (trx) => {
        await trx.insertInto('counted_weeks').values({ week_start, counted_at: now }).execute()
        await enqueue(trx, events, now)
      })
      return true
    } catch (error) {
      // Another process has just told of it.
      if (isUniqueViolation(error)) return false
      throw error
    }
  },
})
