import type { Migration } from '@bigtech/sql'
import { consents as mysqlConsents } from './mysql/0001-consents.ts'
import { consents } from './sqlite/0001-consents.ts'

export const aiMigrations: Record<string, Migration> = { '0001_consents': consents }
export const aiMysqlMigrations: Record<string, Migration> = { '0001_consents': mysqlConsents }
