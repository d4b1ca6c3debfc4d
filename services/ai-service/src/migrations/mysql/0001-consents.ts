import { createInboxTable } from '@bigtech/messaging'
import { MYSQL_TABLE, sql, type Kysely, type Migration } from '@bigtech/sql'

/** All tables as they are on SQLite. A CREATE cannot be undone: one that was done is passed over. */
export const consents: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`CREATE TABLE IF NOT EXISTS consents (
      id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, user_id BIGINT NOT NULL, kind VARCHAR(40) NOT NULL, version INT NOT NULL,
      open_key VARCHAR(40), given_at BIGINT NOT NULL, withdrawn_at BIGINT,
      UNIQUE KEY consents_open (user_id, open_key), KEY consents_of (user_id, id)) ${MYSQL_TABLE}`.execute(db)
    await createInboxTable(db)
  },
}
