import { MYSQL_TABLE, sql, type Kysely, type Migration } from '@bigtech/sql'

/** As on SQLite, and rows of people to be locked. Neither an ALTER nor a CREATE can be undone: what was done is passed over. */
export const links: Migration = {
  async up(db: Kysely<unknown>) {
    const { rows } = await sql.raw("SHOW COLUMNS FROM consents LIKE 'subject'").execute(db)
    if (rows.length === 0)
      await sql
        .raw(
          `ALTER TABLE consents ADD COLUMN subject VARCHAR(255) NOT NULL DEFAULT '', MODIFY COLUMN open_key VARCHAR(300)`,
        )
        .execute(db)
    await sql`CREATE TABLE IF NOT EXISTS care_links (
      id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, senior_id BIGINT NOT NULL, guardian_id BIGINT NOT NULL, asked_by BIGINT NOT NULL,
      state VARCHAR(20) NOT NULL, is_open SMALLINT, created_at BIGINT NOT NULL, accepted_at BIGINT, ended_at BIGINT,
      UNIQUE KEY care_links_open (senior_id, guardian_id, is_open), KEY care_links_of_guardian (guardian_id, is_open),
      KEY care_links_asked (asked_by, created_at)) ${MYSQL_TABLE}`.execute(db)
    await sql`CREATE TABLE IF NOT EXISTS care_watches (
      guardian_id BIGINT NOT NULL, senior_id BIGINT NOT NULL, quiet_days INT, questionnaire SMALLINT NOT NULL, cues SMALLINT NOT NULL,
      sign_at BIGINT NOT NULL, quiet_told BIGINT, PRIMARY KEY (guardian_id, senior_id), KEY care_watches_of (senior_id)) ${MYSQL_TABLE}`.execute(
      db,
    )
    await sql`CREATE TABLE IF NOT EXISTS care_alerts (
      id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, guardian_id BIGINT NOT NULL, senior_id BIGINT NOT NULL, kind VARCHAR(20) NOT NULL,
      alert_key VARCHAR(60) NOT NULL, raised_at BIGINT NOT NULL, read_at BIGINT,
      UNIQUE KEY care_alerts_once (guardian_id, senior_id, alert_key), KEY care_alerts_of (guardian_id, id),
      KEY care_alerts_about (senior_id)) ${MYSQL_TABLE}`.execute(db)
    await sql`CREATE TABLE IF NOT EXISTS care_reads (
      id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, senior_id BIGINT NOT NULL, reader_id BIGINT NOT NULL, what VARCHAR(20) NOT NULL,
      hour BIGINT NOT NULL, read_at BIGINT NOT NULL, UNIQUE KEY care_reads_once (senior_id, reader_id, what, hour),
      KEY care_reads_of (senior_id, id), KEY care_reads_by (reader_id)) ${MYSQL_TABLE}`.execute(db)
    await sql`CREATE TABLE IF NOT EXISTS care_notes (
      id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, senior_id BIGINT NOT NULL, author_id BIGINT NOT NULL, text TEXT NOT NULL,
      created_at BIGINT NOT NULL, KEY care_notes_of (senior_id, id), KEY care_notes_by (author_id)) ${MYSQL_TABLE}`.execute(
      db,
    )
    await sql`CREATE TABLE IF NOT EXISTS care_locks (user_id BIGINT NOT NULL PRIMARY KEY) ${MYSQL_TABLE}`.execute(db)
  },
}
