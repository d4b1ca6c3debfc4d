import { createLeasesTable } from '@bigtech/service'
import type { Migration } from '@bigtech/sql'
import { notifications as mysqlNotifications } from './mysql/0001-notifications.ts'
import { pushHosts as mysqlPushHosts } from './mysql/0003-push-hosts.ts'
import { notifications } from './sqlite/0001-notifications.ts'
import { pushHosts } from './sqlite/0002-push-hosts.ts'

export const notificationMigrations: Record<string, Migration> = {
  '0001_notifications': notifications,
  '0002_push_hosts': pushHosts,
}

export const notificationMysqlMigrations: Record<string, Migration> = {
  '0001_notifications': mysqlNotifications,
  '0002_leases': { up: createLeasesTable },
  '0003_push_hosts': mysqlPushHosts,
}
