import { createSqlOutbox } from '@bigtech/messaging'
import { openThreadedDatabase, probeStatement } from '@bigtech/sql'
import { sql } from 'kysely'
import { userMigrations } from '../../migrations/index.ts'
import type { UserSchema } from '../sql/schema.ts'
import { createSqlUserStore, type UserDatabase } from '../sql/store.ts'

/**
 * Opens and migrates the SQLite file of user-service.
 * @param idsAbove no account gets an id up to this one
 */
export async function openUserDatabase(file: string, idsAbove = 0): Promise<UserDatabase> {
  const db = await openThreadedDatabase<UserSchema>(file, 'user-service', userMigrations)
  await sql`INSERT INTO sqlite_sequence (name, seq) SELECT 'users', 0
    WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'users')`.execute(db)
  const reserveIds = async (upTo: number) => {
    await sql`UPDATE sqlite_sequence SET seq = ${upTo} WHERE name = 'users' AND seq < ${upTo}`.execute(db)
  }
  await reserveIds(idsAbove)
  const { rows } = await sql<{ seq: number }>`SELECT seq FROM sqlite_sequence WHERE name = 'users'`.execute(db)
  return {
    lastId: rows[0]!.seq,
    reserveIds,
    store: createSqlUserStore(db),
    outbox: createSqlOutbox(db),
    async check() {
      await sql.raw(probeStatement()).execute(db)
    },
    close: () => db.destroy(),
  }
}
