import { sql } from 'kysely'
import type { Migration } from '@bigtech/sql'

/**
 * `partitions.next_offset` is the only source of offsets: it moves in the transaction that inserts the records, so offsets have
 * no gaps and stay unique after everything was pruned.
 */
export const eventLogMigrations: Record<string, Migration> = {
  '0001_event_log': {
    async up(db) {
      await sql`
        CREATE TABLE topics (
          id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, retention_ms INTEGER NOT NULL
        ) STRICT`.execute(db)
      await sql`
        CREATE TABLE partitions (
          topic_id INTEGER NOT NULL REFERENCES topics (id), partition_no INTEGER NOT NULL,
          start_offset INTEGER NOT NULL DEFAULT 0, next_offset INTEGER NOT NULL DEFAULT 0,
          PRIMARY KEY (topic_id, partition_no)
        ) STRICT, WITHOUT ROWID`.execute(db)
      await sql`
        CREATE TABLE records (
          topic_id INTEGER NOT NULL, partition_no INTEGER NOT NULL, record_offset INTEGER NOT NULL,
          record_key TEXT NOT NULL, value TEXT NOT NULL, headers TEXT NOT NULL, stored_at INTEGER NOT NULL,
          PRIMARY KEY (topic_id, partition_no, record_offset)
        ) STRICT, WITHOUT ROWID`.execute(db)
      await sql`
        CREATE TABLE group_offsets (
          group_name TEXT NOT NULL, topic_id INTEGER NOT NULL, partition_no INTEGER NOT NULL,
          committed_offset INTEGER NOT NULL,
          PRIMARY KEY (group_name, topic_id, partition_no)
        ) STRICT, WITHOUT ROWID`.execute(db)
    },
  },
}
