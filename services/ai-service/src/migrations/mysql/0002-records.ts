import { createOutboxTables } from '@bigtech/messaging'
import { createLeasesTable } from '@bigtech/service'
import { MYSQL_TABLE, sql, type Kysely, type Migration } from '@bigtech/sql'

/** As on SQLite, and the leases of several processes. */
export const records: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`CREATE TABLE IF NOT EXISTS entries (
      id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, user_id BIGINT NOT NULL, kind VARCHAR(20) NOT NULL, created_at BIGINT NOT NULL,
      expires_at BIGINT NOT NULL, safety_level VARCHAR(20) NOT NULL, text MEDIUMTEXT, mood SMALLINT, analysis MEDIUMTEXT, questionnaire TEXT,
      KEY entries_of (user_id, id), KEY entries_when (user_id, created_at), KEY entries_expiry (expires_at)) ${MYSQL_TABLE}`.execute(
      db,
    )
    await sql`CREATE TABLE IF NOT EXISTS recordings (
      id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, user_id BIGINT NOT NULL, state VARCHAR(20) NOT NULL, owner VARCHAR(100) NOT NULL,
      lease_until BIGINT NOT NULL, progress DOUBLE NOT NULL, seconds DOUBLE NOT NULL, keep_text SMALLINT NOT NULL, created_at BIGINT NOT NULL,
      updated_at BIGINT NOT NULL, ended_at BIGINT, error_code VARCHAR(60), entry_id BIGINT, result MEDIUMTEXT, result_until BIGINT,
      KEY recordings_of (user_id, id), KEY recordings_open (ended_at, owner, id), KEY recordings_results (result_until)) ${MYSQL_TABLE}`.execute(
      db,
    )
    await createOutboxTables(db)
    await createLeasesTable(db)
  },
}
