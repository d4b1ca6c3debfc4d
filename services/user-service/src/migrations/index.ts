import type { Migration } from '@bigtech/sql'
import { accounts } from './0001-accounts.ts'

export const userMigrations: Record<string, Migration> = { '0001_accounts': accounts }
