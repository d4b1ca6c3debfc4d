import { MYSQL_TABLE, sql, type Kysely, type Migration } from '@bigtech/sql'

/** Addresses that are known to be their owner's, and what was mailed to others. What was done is passed over. */
export const confirmedEmails: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`CREATE TABLE IF NOT EXISTS email_confirmations (
      token_hash VARCHAR(64) NOT NULL PRIMARY KEY, user_id BIGINT NOT NULL, expires_at BIGINT NOT NULL,
      KEY email_confirmations_user (user_id), KEY email_confirmations_expiry (expires_at)) ${MYSQL_TABLE}`.execute(db)
    const { rows } = await sql`SELECT 1 FROM information_schema.columns
      WHERE table_schema = DATABASE() AND table_name = 'users' AND column_name = 'email_confirmed_at'`.execute(db)
    if (rows.length === 0) await sql`ALTER TABLE users ADD COLUMN email_confirmed_at BIGINT`.execute(db)
  },
}
