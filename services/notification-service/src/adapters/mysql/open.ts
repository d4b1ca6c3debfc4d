import { createSqlLeases, type Leases } from '@bigtech/service'
import { openMysqlDatabases, type ReplicatedMysqlOptions } from '@bigtech/sql'
import { notificationMysqlMigrations } from '../../migrations/index.ts'
import type { NotificationSchema } from '../sql/schema.ts'
import { createStores, type NotificationDatabase } from '../sql/stores.ts'

/** Opens and migrates notification-service's database on MySQL or MariaDB, which many processes may share. @param closesPerDay as on SQLite */
export async function openMysqlNotificationDatabase(
  options: ReplicatedMysqlOptions,
  { closesPerDay }: { closesPerDay?: number } = {},
): Promise<NotificationDatabase & { leases: Leases }> {
  const { db, close } = await openMysqlDatabases<NotificationSchema>(options, notificationMysqlMigrations)
  return {
    ...createStores(db, true, closesPerDay),
    leases: createSqlLeases(db),
    // Refused by a server that is read only, though there is no such row.
    check: async () => void (await db.deleteFrom('told').where('room_id', '=', -1).execute()),
    close,
  }
}
