import { createInboxTable, createOutboxTables } from '@bigtech/messaging'
import { MYSQL_TABLE, sql, type Kysely, type Migration } from '@bigtech/sql'

/** All tables as they are on SQLite after its migrations, and `pairs`. A CREATE cannot be undone: one that was done is passed over. */
export const friends: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`CREATE TABLE IF NOT EXISTS requests (
      id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, from_user_id BIGINT NOT NULL, to_user_id BIGINT NOT NULL,
      status VARCHAR(20) NOT NULL, created_at BIGINT NOT NULL, decided_at BIGINT,
      KEY requests_received (to_user_id, status, id), KEY requests_sent (from_user_id, status, id)) ${MYSQL_TABLE}`.execute(
      db,
    )
    // Two rows a friendship, so that one's friends are one range.
    await sql`CREATE TABLE IF NOT EXISTS friendships (
      user_id BIGINT NOT NULL, friend_id BIGINT NOT NULL, since BIGINT NOT NULL,
      PRIMARY KEY (user_id, friend_id), KEY friendships_newest (user_id, since, friend_id)) ${MYSQL_TABLE}`.execute(db)
    await sql`CREATE TABLE IF NOT EXISTS blocks (
      user_id BIGINT NOT NULL, blocked_user_id BIGINT NOT NULL, since BIGINT NOT NULL,
      PRIMARY KEY (user_id, blocked_user_id), KEY blocks_of (blocked_user_id)) ${MYSQL_TABLE}`.execute(db)
    await sql`CREATE TABLE IF NOT EXISTS profiles (
      user_id BIGINT NOT NULL PRIMARY KEY, username VARCHAR(100) NOT NULL, display_name VARCHAR(400) NOT NULL,
      status_message VARCHAR(800), profile_image_url VARCHAR(500), active SMALLINT NOT NULL) ${MYSQL_TABLE}`.execute(db)
    await sql`CREATE TABLE IF NOT EXISTS reports (
      id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, reporter_id BIGINT NOT NULL, user_id BIGINT NOT NULL,
      reason VARCHAR(20) NOT NULL, note VARCHAR(1000) NOT NULL, message_ids MEDIUMTEXT NOT NULL, created_at BIGINT NOT NULL,
      KEY reports_by (reporter_id, created_at), KEY reports_about (user_id)) ${MYSQL_TABLE}`.execute(db)
    await sql`CREATE TABLE IF NOT EXISTS pairs (
      lower_id BIGINT NOT NULL, higher_id BIGINT NOT NULL,
      PRIMARY KEY (lower_id, higher_id), KEY pairs_higher (higher_id)) ${MYSQL_TABLE}`.execute(db)
    await createOutboxTables(db)
    await createInboxTable(db)
  },
}
