import { createLeasesTable } from '@bigtech/service'
import type { Migration } from '@bigtech/sql'
import { friends as mysqlFriends } from './mysql/0001-friends.ts'
import { handledReports as mysqlHandledReports } from './mysql/0003-handled-reports.ts'
import { friends } from './sqlite/0001-friends.ts'
import { reports } from './sqlite/0002-reports.ts'
import { handledReports } from './sqlite/0003-handled-reports.ts'

export const friendMigrations: Record<string, Migration> = {
  '0001_friends': friends,
  '0002_reports': reports,
  '0003_handled_reports': handledReports,
}

export const friendMysqlMigrations: Record<string, Migration> = {
  '0001_friends': mysqlFriends,
  '0002_leases': { up: createLeasesTable },
  '0003_handled_reports': mysqlHandledReports,
}
