import { isUniqueViolation } from '@bigtech/sql'
import type { LastSeen } from '../../ports.ts'
import type { Db } from './schema.ts'

export function createLastSeen(db: Db): LastSeen {
  /** False when somebody else just did. */
  const insert = async (user_id: number, seen_at: number): Promise<boolean> => {
    try {
      await db.insertInto('last_seen').values({ user_id, seen_at }).execute()
      return true
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
      return false
    }
  }
  return {
    async get(userIds) {
      if (userIds.length === 0) return new Map()
      const rows = await db.selectFrom('last_seen').selectAll().where('user_id', 'in', userIds).execute()
      return new Map(rows.map((row) => [row.user_id, row.seen_at]))
    },
    async put(times) {
      for (const [user_id, seen_at] of times) {
        const known = await db
          .selectFrom('last_seen')
          .select('seen_at')
          .where('user_id', '=', user_id)
          .executeTakeFirst()
        if (known ? known.seen_at >= seen_at : await insert(user_id, seen_at)) continue
        // Somebody else may have been later, and quicker.
        await db
          .updateTable('last_seen')
          .set({ seen_at })
          .where('user_id', '=', user_id)
          .where('seen_at', '<', seen_at)
          .execute()
      }
    },
  }
}
