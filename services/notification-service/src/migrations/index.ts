import { createLeasesTable } from '@bigtech/service'
import type { Migration } from '@bigtech/sql'
import { notifications as mysqlNotifications } from './mysql/0001-notifications.ts'
import { mails as mysqlMails } from './mysql/0003-mails.ts'
import { pushHosts as mysqlPushHosts } from './mysql/0004-push-hosts.ts'
import { notifications } from './sqlite/0001-notifications.ts'
import { mails } from './sqlite/0002-mails.ts'
import { pushHosts } from './sqlite/0003-push-hosts.ts'

export const notificationMigrations: Record<string, Migration> = {
  '0001_notifications': notifications,
  '0002_mails': mails,
  '0003_push_hosts': pushHosts,
}

export const notificationMysqlMigrations: Record<string, Migration> = {
  '0001_notifications': mysqlNotifications,
  '0002_leases': { up: createLeasesTable },
  '0003_mails': mysqlMails,
  '0004_push_hosts': mysqlPushHosts,
}
