import { createInboxTable, createOutboxTables } from '@bigtech/messaging'
import { MYSQL_TABLE, sql, type Kysely, type Migration } from '@bigtech/sql'

/**
 * All tables as they are on SQLite after its migrations. Names of unique keys are read when one is violated. Folded and composed texts may
 * be longer than what was typed. A CREATE cannot be undone: one that was done is passed over.
 */
export const accounts: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`CREATE TABLE IF NOT EXISTS users (
      id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, version INT NOT NULL,
      email VARCHAR(512), username VARCHAR(64) NOT NULL, username_key VARCHAR(128),
      display_name VARCHAR(400) NOT NULL, display_key VARCHAR(600) NOT NULL, status_message VARCHAR(800),
      image_key VARCHAR(100), age INT, phone VARCHAR(64), status VARCHAR(20) NOT NULL, role VARCHAR(20) NOT NULL,
      login_count INT NOT NULL, last_login_at BIGINT, saga_id VARCHAR(64), created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL,
      UNIQUE KEY users_email (email), UNIQUE KEY users_username_key (username_key), KEY users_status (status, id)) ${MYSQL_TABLE}`.execute(
      db,
    )
    await sql`CREATE TABLE IF NOT EXISTS user_events (
      id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, user_id BIGINT NOT NULL, version INT NOT NULL,
      event_type VARCHAR(64) NOT NULL, data MEDIUMTEXT NOT NULL, event_id VARCHAR(64) NOT NULL,
      occurred_at BIGINT NOT NULL, traceparent VARCHAR(64),
      UNIQUE KEY user_events_event_id (event_id), UNIQUE KEY user_events_stream (user_id, version),
      KEY user_events_recent (user_id, id)) ${MYSQL_TABLE}`.execute(db)
    await sql`CREATE TABLE IF NOT EXISTS credentials (
      user_id BIGINT NOT NULL PRIMARY KEY, password_hash VARCHAR(255) NOT NULL, changed_at BIGINT NOT NULL) ${MYSQL_TABLE}`.execute(
      db,
    )
    await sql`CREATE TABLE IF NOT EXISTS password_resets (
      token_hash VARCHAR(64) NOT NULL PRIMARY KEY, user_id BIGINT NOT NULL, expires_at BIGINT NOT NULL, used_at BIGINT,
      KEY password_resets_user (user_id), KEY password_resets_expiry (expires_at)) ${MYSQL_TABLE}`.execute(db)
    await sql`CREATE TABLE IF NOT EXISTS sessions (
      id VARCHAR(64) NOT NULL PRIMARY KEY, user_id BIGINT NOT NULL, device VARCHAR(400), ip VARCHAR(64),
      created_at BIGINT NOT NULL, last_used_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, revoked_at BIGINT,
      KEY sessions_user (user_id, last_used_at), KEY sessions_revoked (revoked_at), KEY sessions_expiry (expires_at)) ${MYSQL_TABLE}`.execute(
      db,
    )
    await sql`CREATE TABLE IF NOT EXISTS refresh_tokens (
      token_hash VARCHAR(64) NOT NULL PRIMARY KEY, session_id VARCHAR(64) NOT NULL, used_at BIGINT, successor_salt VARCHAR(64),
      KEY refresh_tokens_session (session_id), KEY refresh_tokens_used (used_at)) ${MYSQL_TABLE}`.execute(db)
    await sql`CREATE TABLE IF NOT EXISTS relations (
      user_id BIGINT NOT NULL, other_id BIGINT NOT NULL, kind VARCHAR(10) NOT NULL,
      PRIMARY KEY (user_id, other_id, kind), KEY relations_other (other_id, kind)) ${MYSQL_TABLE}`.execute(db)
    await sql`CREATE TABLE IF NOT EXISTS closure_sagas (
      id VARCHAR(64) NOT NULL PRIMARY KEY, user_id BIGINT NOT NULL, state VARCHAR(20) NOT NULL,
      participants TEXT NOT NULL, prepared TEXT NOT NULL, reason TEXT, started_at BIGINT NOT NULL, deadline_at BIGINT NOT NULL,
      ended_at BIGINT, orphan VARCHAR(100), KEY closure_sagas_state (state)) ${MYSQL_TABLE}`.execute(db)
    await sql`CREATE TABLE IF NOT EXISTS last_seen (
      user_id BIGINT NOT NULL PRIMARY KEY, seen_at BIGINT NOT NULL) ${MYSQL_TABLE}`.execute(db)
    await createOutboxTables(db)
    await createInboxTable(db)
  },
}
