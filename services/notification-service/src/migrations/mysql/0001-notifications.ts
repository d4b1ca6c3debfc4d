import { createInboxTable } from '@bigtech/messaging'
import { MYSQL_TABLE, sql, type Kysely, type Migration } from '@bigtech/sql'

/** All tables as they are on SQLite. A CREATE cannot be undone: one that was done is passed over. */
export const notifications: Migration = {
  async up(db: Kysely<unknown>) {
    for (const table of [
      `notifications (
        id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, user_id BIGINT NOT NULL, kind VARCHAR(20) NOT NULL,
        group_key VARCHAR(100) NOT NULL, open_key VARCHAR(100), is_read SMALLINT NOT NULL, is_listed SMALLINT NOT NULL, room_id BIGINT, message_id VARCHAR(60),
        seq BIGINT, detail VARCHAR(200) NOT NULL, actor_count INT NOT NULL, actor_ids VARCHAR(100) NOT NULL,
        created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, read_at BIGINT, expires_at BIGINT NOT NULL,
        UNIQUE KEY notifications_open (user_id, open_key), KEY notifications_newest (user_id, is_read, updated_at, id),
        KEY notifications_message (message_id), KEY notifications_expired (expires_at))`,
      `note_actors (note_id BIGINT NOT NULL, user_id BIGINT NOT NULL, at BIGINT NOT NULL,
        PRIMARY KEY (note_id, user_id), KEY note_actors_of (user_id))`,
      'settings (user_id BIGINT NOT NULL PRIMARY KEY, value TEXT NOT NULL)',
      `subscriptions (
        id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, user_id BIGINT NOT NULL, endpoint VARCHAR(2000) NOT NULL,
        endpoint_hash VARCHAR(43) NOT NULL, p256dh VARCHAR(100) NOT NULL, auth VARCHAR(40) NOT NULL, language VARCHAR(2) NOT NULL,
        device VARCHAR(200) NOT NULL, session_id VARCHAR(60) NOT NULL, created_at BIGINT NOT NULL,
        UNIQUE KEY subscriptions_endpoint (endpoint_hash), KEY subscriptions_of (user_id, id),
        KEY subscriptions_session (session_id))`,
      `rooms_due (room_id BIGINT NOT NULL PRIMARY KEY, after_seq BIGINT NOT NULL, last_seq BIGINT NOT NULL,
        due_at BIGINT NOT NULL, claimed_until BIGINT NOT NULL, KEY rooms_due_next (due_at))`,
      `told (room_id BIGINT NOT NULL, user_id BIGINT NOT NULL, seq BIGINT NOT NULL, at BIGINT NOT NULL,
        PRIMARY KEY (room_id, user_id), KEY told_of (user_id), KEY told_old (at))`,
      `deliveries (
        id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, subscription_id BIGINT NOT NULL, user_id BIGINT NOT NULL, tag VARCHAR(100) NOT NULL,
        note_id BIGINT, payload TEXT NOT NULL, attempts INT NOT NULL, created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL,
        next_at BIGINT NOT NULL, claimed_until BIGINT NOT NULL, UNIQUE KEY deliveries_tag (subscription_id, tag),
        KEY deliveries_next (next_at), KEY deliveries_of (user_id, tag), KEY deliveries_old (expires_at))`,
      `dead_pushes (id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, user_id BIGINT NOT NULL, host VARCHAR(300) NOT NULL,
        tag VARCHAR(100) NOT NULL, reason VARCHAR(500) NOT NULL, at BIGINT NOT NULL)`,
      `people (user_id BIGINT NOT NULL PRIMARY KEY, display_name VARCHAR(400) NOT NULL, profile_image_url VARCHAR(500),
        active SMALLINT NOT NULL)`,
      `blocks (user_id BIGINT NOT NULL, blocked_user_id BIGINT NOT NULL,
        PRIMARY KEY (user_id, blocked_user_id), KEY blocks_of (blocked_user_id))`,
      'vapid_keys (id INT NOT NULL PRIMARY KEY, public_key VARCHAR(100) NOT NULL, private_key VARCHAR(60) NOT NULL)',
    ])
      await sql`CREATE TABLE IF NOT EXISTS ${sql.raw(table)} ${MYSQL_TABLE}`.execute(db)
    await createInboxTable(db)
  },
}
