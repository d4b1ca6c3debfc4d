import { sql, transaction } from '@bigtech/sql'
import type { DailyQuotas } from '../partition/ports.ts'
import type { ChatDb } from './tables.ts'

const DAY_MS = 86_400_000

export function createMysqlDailyQuotas(db: ChatDb): DailyQuotas {
  return {
    spend: (user_id, what, limit, now) =>
      transaction(db, async (trx) => {
        const day = Math.floor(now / DAY_MS)
        // Locks the row, and begins the day anew if it is another one. MySQL sets the columns in this order, each seeing those before it.
        await sql`INSERT INTO daily_counts (user_id, what, day, n) VALUES (${user_id}, ${what}, ${day}, 0)
          ON DUPLICATE KEY UPDATE n = IF(day = ${day}, n, 0), day = ${day}`.execute(trx)
        const { n } = await trx
          .selectFrom('daily_counts')
          .select('n')
          .where('user_id', '=', user_id)
          .where('what', '=', what)
          .executeTakeFirstOrThrow()
        if (limit !== undefined && n >= limit) return false
        await trx
          .updateTable('daily_counts')
          .set({ n: n + 1 })
          .where('user_id', '=', user_id)
          .where('what', '=', what)
          .execute()
        return true
      }),
  }
}
