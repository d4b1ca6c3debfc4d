import { createInboxTable, createOutboxTables } from '@bigtech/messaging'
import { createLeasesTable } from '@bigtech/service'
import { MYSQL_TABLE, sql, type Kysely, type Migration } from '@bigtech/sql'

/**
 * What is read of the chat (made of the log), and what is of no log: people, files, counts. Times are epoch ms, but for `…log_at`: microseconds
 * of the log document that brought it. Keys of what the log says are not unique beyond the primary ones: when it comes here it has been
 * decided, and a clash would stop its partition for good. A CREATE cannot be undone: one that was done is passed over.
 */
const statements = [
  // Gives ids, and one direct room to a pair. The room itself is what the log says of it.
  `room_directory (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, lower_id BIGINT, higher_id BIGINT,
    UNIQUE KEY room_directory_pair (lower_id, higher_id))`,
  // f: of the last entry. p: the partition.
  `rooms (
    id BIGINT NOT NULL PRIMARY KEY, p INT NOT NULL, type VARCHAR(10) NOT NULL, name VARCHAR(1000),
    created_by BIGINT NOT NULL, created_at BIGINT NOT NULL, last_seq BIGINT NOT NULL, rev BIGINT NOT NULL, f BIGINT NOT NULL,
    member_count INT NOT NULL, last_activity_at BIGINT NOT NULL, log_at BIGINT NOT NULL,
    invite_code VARCHAR(64), invite_expires_at BIGINT,
    KEY rooms_invite (invite_code), KEY rooms_of_partition (p))`,
  // join_f: of the entry by which they are in.
  `members (
    room_id BIGINT NOT NULL, user_id BIGINT NOT NULL, role VARCHAR(10) NOT NULL, join_seq BIGINT NOT NULL, join_f BIGINT NOT NULL,
    join_log_at BIGINT NOT NULL, joined_at BIGINT NOT NULL, read_seq BIGINT NOT NULL, read_log_at BIGINT NOT NULL,
    muted TINYINT NOT NULL, hidden TINYINT NOT NULL, settings_log_at BIGINT NOT NULL,
    PRIMARY KEY (room_id, user_id), KEY members_of (user_id, room_id))`,
  `former_members (
    user_id BIGINT NOT NULL, room_id BIGINT NOT NULL, left_log_at BIGINT NOT NULL, via VARCHAR(10) NOT NULL,
    PRIMARY KEY (user_id, room_id), KEY former_members_room (room_id))`,
  `invitations (
    user_id BIGINT NOT NULL, room_id BIGINT NOT NULL, invited_by BIGINT NOT NULL, created_at BIGINT NOT NULL, declined_at BIGINT,
    PRIMARY KEY (user_id, room_id), KEY invitations_by (room_id, invited_by))`,
  // A client's id is compared byte by byte: utf8mb4_bin takes 'a' and 'a ' for one.
  `messages (
    room_id BIGINT NOT NULL, seq BIGINT NOT NULL, rev BIGINT NOT NULL, log_at BIGINT NOT NULL, sent_log_at BIGINT NOT NULL,
    user_id BIGINT NOT NULL, message_type VARCHAR(10) NOT NULL, content MEDIUMTEXT NOT NULL, client_message_id VARBINARY(512),
    reply_to BIGINT, file MEDIUMTEXT, \`system\` MEDIUMTEXT, reactions MEDIUMTEXT,
    created_at BIGINT NOT NULL, edited_at BIGINT, deleted_at BIGINT, pinned_at BIGINT, pinned_by BIGINT,
    PRIMARY KEY (room_id, seq), KEY messages_by_rev (room_id, rev), KEY messages_by_log_at (room_id, log_at, rev),
    KEY messages_by_client_id (room_id, user_id, client_message_id))`,
  // Which messages are pinned, and which do not count as unread: few of many, and MySQL has no partial indexes.
  `pins (room_id BIGINT NOT NULL, seq BIGINT NOT NULL, PRIMARY KEY (room_id, seq))`,
  `uncounted (room_id BIGINT NOT NULL, seq BIGINT NOT NULL, PRIMARY KEY (room_id, seq))`,
  // Up to where the log is in the tables above.
  `partition_positions (p INT NOT NULL PRIMARY KEY, n BIGINT NOT NULL, at BIGINT NOT NULL)`,

  // What messages are found by (docs/adr/0033). UTF-8 of two characters, or of the last one of a word.
  `search_terms (
    room_id BIGINT NOT NULL, term VARBINARY(8) NOT NULL, sent_log_at BIGINT NOT NULL, seq BIGINT NOT NULL,
    PRIMARY KEY (room_id, term, sent_log_at, seq))`,
  // Up to which revision a room is in there; and texts that are no more, whose terms have to go.
  `search_rooms (room_id BIGINT NOT NULL PRIMARY KEY, rev BIGINT NOT NULL)`,
  `search_stale (
    room_id BIGINT NOT NULL, seq BIGINT NOT NULL, rev BIGINT NOT NULL, content MEDIUMTEXT NOT NULL, file MEDIUMTEXT,
    PRIMARY KEY (room_id, seq, rev))`,

  // attachments: how many messages have it. It is counted anew from the table below, never added to.
  `files (
    id VARCHAR(64) NOT NULL PRIMARY KEY, owner_id BIGINT NOT NULL, name VARCHAR(1000) NOT NULL, type VARCHAR(255) NOT NULL,
    size BIGINT NOT NULL, width INT, height INT, blob_key VARCHAR(255) NOT NULL, thumbnail_key VARCHAR(255),
    created_at BIGINT NOT NULL, attachments INT NOT NULL,
    KEY files_orphans (attachments, created_at), KEY files_by_owner (owner_id, size))`,
  `attachments (
    file_id VARCHAR(64) NOT NULL, room_id BIGINT NOT NULL, seq BIGINT NOT NULL,
    PRIMARY KEY (file_id, room_id, seq), KEY attachments_of (room_id, seq))`,

  `profiles (
    user_id BIGINT NOT NULL PRIMARY KEY, username VARCHAR(100) NOT NULL, display_name VARCHAR(400) NOT NULL,
    profile_image_url VARCHAR(500), active TINYINT NOT NULL)`,
  `blocks (
    user_id BIGINT NOT NULL, blocked_user_id BIGINT NOT NULL,
    PRIMARY KEY (user_id, blocked_user_id), KEY blocks_of (blocked_user_id))`,
  `daily_counts (
    user_id BIGINT NOT NULL, what VARCHAR(20) NOT NULL, day INT NOT NULL, n INT NOT NULL, PRIMARY KEY (user_id, what))`,
  // Rows to be locked. Nothing is known of a person by their being here.
  `person_locks (user_id BIGINT NOT NULL PRIMARY KEY)`,
]

export const chat: Migration = {
  async up(db: Kysely<unknown>) {
    for (const table of statements) await sql`CREATE TABLE IF NOT EXISTS ${sql.raw(table)} ${MYSQL_TABLE}`.execute(db)
    await createOutboxTables(db)
    await createInboxTable(db)
    await createLeasesTable(db)
  },
}
