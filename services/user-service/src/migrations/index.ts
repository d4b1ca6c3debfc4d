import { createLeasesTable } from '@bigtech/service'
import type { Migration } from '@bigtech/sql'
import { createSigningKeysTable } from '../adapters/sql/signing-keys.ts'
import { accounts as mysqlAccounts } from './mysql/0001-accounts.ts'
import { confirmedEmails as mysqlConfirmedEmails } from './mysql/0005-confirmed-emails.ts'
import { accounts } from './sqlite/0001-accounts.ts'
import { refreshSuccessors } from './sqlite/0002-refresh-successors.ts'
import { outboxAndInbox } from './sqlite/0003-outbox-and-inbox.ts'
import { confirmedEmails } from './sqlite/0005-confirmed-emails.ts'
import { visits } from './0004-visits.ts'

export const userMigrations: Record<string, Migration> = {
  '0001_accounts': accounts,
  '0002_refresh_successors': refreshSuccessors,
  '0003_outbox_and_inbox': outboxAndInbox,
  '0004_visits': visits,
  '0005_confirmed_emails': confirmedEmails,
}

export const userMysqlMigrations: Record<string, Migration> = {
  '0001_accounts': mysqlAccounts,
  '0002_signing_keys': { up: createSigningKeysTable },
  '0003_leases': { up: createLeasesTable },
  '0004_visits': visits,
  '0005_confirmed_emails': mysqlConfirmedEmails,
}
