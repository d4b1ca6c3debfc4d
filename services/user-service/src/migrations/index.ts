import type { Migration } from '@bigtech/sql'
import { accounts } from './0001-accounts.ts'
import { refreshSuccessors } from './0002-refresh-successors.ts'

export const userMigrations: Record<string, Migration> = {
  '0001_accounts': accounts,
  '0002_refresh_successors': refreshSuccessors,
}
