import { chunksOf, type Db, type Trx } from './schema.ts'

/** @returns of each of these people, how many notifications in their list are unread */
export async function unreadOf(db: Db | Trx, userIds: readonly number[], now: number): Promise<Map<number, number>> {
  const found = new Map(userIds.map((id) => [id, 0]))
  for (const part of chunksOf(userIds)) {
    const rows = await db
      .selectFrom('notifications')
      .select(({ fn }) => ['user_id', fn.countAll<number>().as('n')] as const)
      .where('user_id', 'in', part)
      .where('is_read', '=', 0)
      .where('is_listed', '=', 1)
      .where('expires_at', '>', now)
      .groupBy('user_id')
      .execute()
    for (const { user_id, n } of rows) found.set(user_id, n)
  }
  return found
}
