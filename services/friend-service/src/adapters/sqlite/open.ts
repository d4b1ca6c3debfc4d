import { openThreadedDatabase, probeStatement } from '@bigtech/sql'
import { sql } from 'kysely'
import { friendMigrations } from '../../migrations/index.ts'
import type { FriendSchema } from '../sql/schema.ts'
import { createStores, type FriendDatabase } from '../sql/stores.ts'

/** Opens and migrates the SQLite file of friend-service. */
export async function openFriendDatabase(file: string): Promise<FriendDatabase> {
  const db = await openThreadedDatabase<FriendSchema>(file, 'friend-service', friendMigrations)
  return {
    ...createStores(db),
    check: async () => void (await sql.raw(probeStatement()).execute(db)),
    close: () => db.destroy(),
  }
}
