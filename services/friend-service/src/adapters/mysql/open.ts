import { createSqlOutbox, KEEP_EVENTS_MS } from '@bigtech/messaging'
import { openMysqlDatabases, type ReplicatedMysqlOptions } from '@bigtech/sql'
import { createSqlLeases, type Leases } from '@bigtech/service'
import { friendMysqlMigrations } from '../../migrations/index.ts'
import type { FriendSchema } from '../sql/schema.ts'
import { createStores, type FriendDatabase } from '../sql/stores.ts'

/** Opens and migrates friend-service's database on MySQL or MariaDB, which many processes may share. */
export async function openMysqlFriendDatabase(
  options: ReplicatedMysqlOptions,
): Promise<FriendDatabase & { leases: Leases }> {
  const { db, stale, close } = await openMysqlDatabases<FriendSchema>(options, friendMysqlMigrations)
  return {
    ...createStores(db, stale),
    outbox: createSqlOutbox(db, { keepMs: KEEP_EVENTS_MS }),
    leases: createSqlLeases(db),
    // Refused by a server that is read only, though there is no such row.
    check: async () => void (await db.updateTable('outbox_lease').set({ owner: '' }).where('id', '=', 0).execute()),
    close,
  }
}
