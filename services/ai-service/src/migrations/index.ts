import type { Migration } from '@bigtech/sql'
import { consents as mysqlConsents } from './mysql/0001-consents.ts'
import { records as mysqlRecords } from './mysql/0002-records.ts'
import { links as mysqlLinks } from './mysql/0003-links.ts'
import { weeks as mysqlWeeks } from './mysql/0004-weeks.ts'
import { renewals as mysqlRenewals } from './mysql/0005-renewals.ts'
import { madeCounts as mysqlMadeCounts } from './mysql/0006-made-counts.ts'
import { consents } from './sqlite/0001-consents.ts'
import { records } from './sqlite/0002-records.ts'
import { links } from './sqlite/0003-links.ts'
import { weeks } from './sqlite/0004-weeks.ts'
import { renewals } from './sqlite/0005-renewals.ts'
import { madeCounts } from './sqlite/0006-made-counts.ts'

export const aiMigrations: Record<string, Migration> = {
  '0001_consents': consents,
  '0002_records': records,
  '0003_links': links,
  '0004_weeks': weeks,
  '0005_renewals': renewals,
  '0006_made_counts': madeCounts,
}
export const aiMysqlMigrations: Record<string, Migration> = {
  '0001_consents': mysqlConsents,
  '0002_records': mysqlRecords,
  '0003_links': mysqlLinks,
  '0004_weeks': mysqlWeeks,
  '0005_renewals': mysqlRenewals,
  '0006_made_counts': mysqlMadeCounts,
}
