import { MYSQL_TABLE, sql, type Kysely, type Migration } from '@bigtech/sql'

/** Mails that wait to be sent, and who gets a digest when. What was done is passed over. */
export const mails: Migration = {
  async up(db: Kysely<unknown>) {
    for (const table of [
      `mails (
        id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, user_id BIGINT NOT NULL, kind VARCHAR(30) NOT NULL, event_id VARCHAR(100) NOT NULL,
        address VARCHAR(512), name VARCHAR(400), attempts INT NOT NULL, at BIGINT NOT NULL, expires_at BIGINT NOT NULL,
        next_at BIGINT NOT NULL, claimed_until BIGINT NOT NULL,
        KEY mails_next (next_at), KEY mails_of (user_id), KEY mails_old (expires_at))`,
      `digests (user_id BIGINT NOT NULL PRIMARY KEY, next_at BIGINT NOT NULL, unsubscribe_token VARCHAR(64) NOT NULL,
        UNIQUE KEY digests_token (unsubscribe_token), KEY digests_next (next_at))`,
    ])
      await sql`CREATE TABLE IF NOT EXISTS ${sql.raw(table)} ${MYSQL_TABLE}`.execute(db)
  },
}
