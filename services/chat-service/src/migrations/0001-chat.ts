import { createInboxTable, createOutboxTables } from '@bigtech/messaging'
import { sql, type Kysely, type Migration } from '@bigtech/sql'

/** SQLite schema of the embedded profile. Times are epoch ms; `pos` is the store-wide commit order. */
const statements = [
  `CREATE TABLE store (id INTEGER PRIMARY KEY CHECK (id = 1), epoch TEXT NOT NULL, indexed_mid INTEGER NOT NULL) STRICT`,
  `INSERT INTO store VALUES (1, lower(hex(randomblob(6))), 0)`,

  `CREATE TABLE rooms (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    type TEXT NOT NULL CHECK (type IN ('direct', 'group')),
    name TEXT,
    direct_key TEXT UNIQUE,
    created_by INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    last_seq INTEGER NOT NULL DEFAULT 0,
    rev INTEGER NOT NULL DEFAULT 0,
    member_count INTEGER NOT NULL DEFAULT 0,
    last_activity_at INTEGER NOT NULL,
    last_pos INTEGER NOT NULL DEFAULT 0,
    invite_code TEXT UNIQUE,
    invite_expires_at INTEGER
  ) STRICT`,

  `CREATE TABLE members (
    room_id INTEGER NOT NULL REFERENCES rooms (id),
    user_id INTEGER NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'member')),
    join_seq INTEGER NOT NULL,
    join_pos INTEGER NOT NULL,
    joined_at INTEGER NOT NULL,
    read_seq INTEGER NOT NULL,
    read_pos INTEGER NOT NULL DEFAULT 0,
    muted INTEGER NOT NULL DEFAULT 0,
    settings_pos INTEGER NOT NULL DEFAULT 0,
    hidden INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (room_id, user_id)
  ) STRICT, WITHOUT ROWID`,
  `CREATE INDEX members_by_user ON members (user_id, room_id)`,

  // Tells someone who was away that they are no longer in a room.
  `CREATE TABLE former_members (
    user_id INTEGER NOT NULL,
    room_id INTEGER NOT NULL,
    left_pos INTEGER NOT NULL,
    PRIMARY KEY (user_id, room_id)
  ) STRICT, WITHOUT ROWID`,

  // mid: order of insertion over all rooms, the key of the search index.
  `CREATE TABLE messages (
    mid INTEGER PRIMARY KEY,
    room_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    rev INTEGER NOT NULL,
    pos INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    message_type TEXT NOT NULL,
    content TEXT NOT NULL,
    client_message_id TEXT,
    reply_to INTEGER,
    file TEXT,
    system TEXT,
    reactions TEXT,
    created_at INTEGER NOT NULL,
    edited_at INTEGER,
    deleted_at INTEGER,
    pinned_at INTEGER,
    pinned_by INTEGER
  ) STRICT`,
  `CREATE UNIQUE INDEX messages_by_seq ON messages (room_id, seq)`,
  `CREATE UNIQUE INDEX messages_by_rev ON messages (room_id, rev)`,
  `CREATE UNIQUE INDEX messages_by_client_id ON messages (room_id, user_id, client_message_id) WHERE client_message_id IS NOT NULL`,
  `CREATE INDEX messages_system ON messages (mid) WHERE message_type = 'system'`,
  `CREATE INDEX messages_pinned ON messages (room_id, pinned_at) WHERE pinned_at IS NOT NULL`,
  `CREATE VIRTUAL TABLE messages_fts USING fts5 (room, body, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 0")`,

  `CREATE TABLE files (
    id TEXT PRIMARY KEY,
    owner_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    size INTEGER NOT NULL,
    width INTEGER,
    height INTEGER,
    blob_key TEXT NOT NULL,
    thumbnail_key TEXT,
    created_at INTEGER NOT NULL,
    attachments INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID`,
  `CREATE INDEX files_orphans ON files (created_at) WHERE attachments = 0`,
  `CREATE TABLE attachments (
    file_id TEXT NOT NULL,
    room_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (file_id, room_id, seq)
  ) STRICT, WITHOUT ROWID`,

  `CREATE TABLE profiles (
    user_id INTEGER PRIMARY KEY,
    username TEXT NOT NULL,
    display_name TEXT NOT NULL,
    profile_image_url TEXT,
    active INTEGER NOT NULL
  ) STRICT`,
  `CREATE TABLE blocks (user_id INTEGER NOT NULL, blocked_user_id INTEGER NOT NULL, PRIMARY KEY (user_id, blocked_user_id)) STRICT, WITHOUT ROWID`,
]

export const chat: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
    await createOutboxTables(db)
    await createInboxTable(db)
  },
}
