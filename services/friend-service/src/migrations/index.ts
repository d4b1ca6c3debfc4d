import { createLeasesTable } from '@bigtech/service'
import type { Migration } from '@bigtech/sql'
import { friends as mysqlFriends } from './mysql/0001-friends.ts'
import { friends } from './sqlite/0001-friends.ts'
import { reports } from './sqlite/0002-reports.ts'

export const friendMigrations: Record<string, Migration> = { '0001_friends': friends, '0002_reports': reports }

export const friendMysqlMigrations: Record<string, Migration> = {
  '0001_friends': mysqlFriends,
  '0002_leases': { up: createLeasesTable },
}
