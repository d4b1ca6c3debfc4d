import { sql, type Kysely, type Migration } from '@bigtech/sql'

/** Addresses that are known to be their owner's, and what was mailed to others. */
export const confirmedEmails: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`ALTER TABLE users ADD COLUMN email_confirmed_at INTEGER`.execute(db)
    await sql`CREATE TABLE email_confirmations (
      token_hash TEXT PRIMARY KEY, user_id INTEGER NOT NULL, expires_at INTEGER NOT NULL) WITHOUT ROWID`.execute(db)
    await sql`CREATE INDEX email_confirmations_user ON email_confirmations (user_id)`.execute(db)
    await sql`CREATE INDEX email_confirmations_expiry ON email_confirmations (expires_at)`.execute(db)
  },
}
