import { createLeasesTable } from '@bigtech/service'
import type { Migration } from '@bigtech/sql'
import { notifications as mysqlNotifications } from './mysql/0001-notifications.ts'
import { notifications } from './sqlite/0001-notifications.ts'

export const notificationMigrations: Record<string, Migration> = { '0001_notifications': notifications }

export const notificationMysqlMigrations: Record<string, Migration> = {
  '0001_notifications': mysqlNotifications,
  '0002_leases': { up: createLeasesTable },
}
