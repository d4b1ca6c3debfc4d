import { sql } from 'kysely'
import type { Suggestion } from '../../ports.ts'
import type { Db } from './schema.ts'

/** See FriendStore.suggestions. */
export async function suggest(db: Db, user_id: number, limit: number): Promise<Suggestion[]> {
  const { rows } = await sql<{ user_id: number; mutual_friends: number }>`
    SELECT f2.friend_id AS user_id, count(*) AS mutual_friends
    FROM friendships f1
    JOIN friendships f2 ON f2.user_id = f1.friend_id
    JOIN profiles p ON p.user_id = f2.friend_id AND p.active = 1
    WHERE f1.user_id = ${user_id} AND f2.friend_id <> ${user_id}
      AND NOT EXISTS (SELECT 1 FROM friendships x WHERE x.user_id = ${user_id} AND x.friend_id = f2.friend_id)
      AND NOT EXISTS (SELECT 1 FROM requests r WHERE r.status = 'pending'
        AND ((r.from_user_id = ${user_id} AND r.to_user_id = f2.friend_id)
          OR (r.from_user_id = f2.friend_id AND r.to_user_id = ${user_id})))
      AND NOT EXISTS (SELECT 1 FROM blocks b
        WHERE (b.user_id = ${user_id} AND b.blocked_user_id = f2.friend_id)
          OR (b.user_id = f2.friend_id AND b.blocked_user_id = ${user_id}))
    GROUP BY f2.friend_id
    ORDER BY count(*) DESC, f2.friend_id
    LIMIT ${limit}`.execute(db)
  return rows
}

/** With which of the others there is something by now: a friendship, an open request, a block. */
export async function tiesOf(db: Db, user_id: number, others: readonly number[]): Promise<Set<number>> {
  if (others.length === 0) return new Set()
  const among = sql.join(others)
  const { rows } = await sql<{ id: number }>`
    SELECT friend_id AS id FROM friendships WHERE user_id = ${user_id} AND friend_id IN (${among})
    UNION SELECT to_user_id FROM requests WHERE status = 'pending' AND from_user_id = ${user_id} AND to_user_id IN (${among})
    UNION SELECT from_user_id FROM requests WHERE status = 'pending' AND to_user_id = ${user_id} AND from_user_id IN (${among})
    UNION SELECT blocked_user_id FROM blocks WHERE user_id = ${user_id} AND blocked_user_id IN (${among})
    UNION SELECT user_id FROM blocks WHERE blocked_user_id = ${user_id} AND user_id IN (${among})`.execute(db)
  return new Set(rows.map(({ id }) => id))
}
