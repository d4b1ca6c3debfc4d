import { createInboxTable } from '@bigtech/messaging'
import { sql, type Kysely, type Migration } from '@bigtech/sql'

export const notifications: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of [
      `CREATE TABLE notifications (
        id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER NOT NULL, kind TEXT NOT NULL, group_key TEXT NOT NULL,
        open_key TEXT, is_read INTEGER NOT NULL, is_listed INTEGER NOT NULL, room_id INTEGER, message_id TEXT, seq INTEGER, detail TEXT NOT NULL,
        actor_count INTEGER NOT NULL, actor_ids TEXT NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
        read_at INTEGER, expires_at INTEGER NOT NULL)`,
      // Two unread ones of a person and group cannot be; of read ones the key is NULL.
      'CREATE UNIQUE INDEX notifications_open ON notifications (user_id, open_key)',
      'CREATE INDEX notifications_newest ON notifications (user_id, is_read, updated_at, id)',
      'CREATE INDEX notifications_message ON notifications (message_id)',
      'CREATE INDEX notifications_expired ON notifications (expires_at)',
      `CREATE TABLE note_actors (note_id INTEGER NOT NULL, user_id INTEGER NOT NULL, at INTEGER NOT NULL,
        PRIMARY KEY (note_id, user_id)) WITHOUT ROWID`,
      'CREATE INDEX note_actors_of ON note_actors (user_id)',
      'CREATE TABLE settings (user_id INTEGER PRIMARY KEY, value TEXT NOT NULL)',
      `CREATE TABLE subscriptions (
        id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER NOT NULL, endpoint TEXT NOT NULL, endpoint_hash TEXT NOT NULL UNIQUE,
        p256dh TEXT NOT NULL, auth TEXT NOT NULL, language TEXT NOT NULL, device TEXT NOT NULL, session_id TEXT NOT NULL,
        created_at INTEGER NOT NULL)`,
      'CREATE INDEX subscriptions_of ON subscriptions (user_id, id)',
      'CREATE INDEX subscriptions_session ON subscriptions (session_id)',
      `CREATE TABLE rooms_due (room_id INTEGER PRIMARY KEY, after_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL,
        due_at INTEGER NOT NULL, claimed_until INTEGER NOT NULL)`,
      'CREATE INDEX rooms_due_next ON rooms_due (due_at)',
      `CREATE TABLE told (room_id INTEGER NOT NULL, user_id INTEGER NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL,
        PRIMARY KEY (room_id, user_id)) WITHOUT ROWID`,
      'CREATE INDEX told_of ON told (user_id)',
      'CREATE INDEX told_old ON told (at)',
      `CREATE TABLE deliveries (
        id INTEGER PRIMARY KEY AUTOINCREMENT, subscription_id INTEGER NOT NULL, user_id INTEGER NOT NULL, tag TEXT NOT NULL,
        note_id INTEGER, payload TEXT NOT NULL, attempts INTEGER NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
        next_at INTEGER NOT NULL, claimed_until INTEGER NOT NULL)`,
      'CREATE UNIQUE INDEX deliveries_tag ON deliveries (subscription_id, tag)',
      'CREATE INDEX deliveries_next ON deliveries (next_at)',
      'CREATE INDEX deliveries_of ON deliveries (user_id, tag)',
      'CREATE INDEX deliveries_old ON deliveries (expires_at)',
      `CREATE TABLE dead_pushes (id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER NOT NULL, host TEXT NOT NULL, tag TEXT NOT NULL,
        reason TEXT NOT NULL, at INTEGER NOT NULL)`,
      `CREATE TABLE people (user_id INTEGER PRIMARY KEY, display_name TEXT NOT NULL, profile_image_url TEXT, active INTEGER NOT NULL)`,
      `CREATE TABLE blocks (user_id INTEGER NOT NULL, blocked_user_id INTEGER NOT NULL,
        PRIMARY KEY (user_id, blocked_user_id)) WITHOUT ROWID`,
      'CREATE INDEX blocks_of ON blocks (blocked_user_id)',
      'CREATE TABLE vapid_keys (id INTEGER PRIMARY KEY, public_key TEXT NOT NULL, private_key TEXT NOT NULL)',
    ])
      await sql.raw(statement).execute(db)
    await createInboxTable(db)
  },
}
