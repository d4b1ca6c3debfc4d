import { openThreadedDatabase, probeStatement, sql } from '@bigtech/sql'
import { notificationMigrations } from '../../migrations/index.ts'
import type { NotificationSchema } from '../sql/schema.ts'
import { createStores, type NotificationDatabase } from '../sql/stores.ts'

/** Opens and migrates the SQLite file of notification-service. @param options.closesPerDay pushes that show nothing, a device */
export async function openNotificationDatabase(
  file: string,
  { closesPerDay }: { closesPerDay?: number } = {},
): Promise<NotificationDatabase> {
  const db = await openThreadedDatabase<NotificationSchema>(file, 'notification-service', notificationMigrations)
  return {
    ...createStores(db, false, closesPerDay),
    check: async () => void (await sql.raw(probeStatement()).execute(db)),
    close: () => db.destroy(),
  }
}
