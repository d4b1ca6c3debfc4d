import { sql, type Kysely, type Migration } from '@bigtech/sql'

/**
 * The search index is a file of its own, made from the messages (docs/adr/0036). Here remains what it cannot find out by itself: which
 * messages were edited or deleted since it looked. `forgotten_change` is the last of those that were removed here, as an index had seen them.
 */
const statements = [
  'DROP TABLE messages_fts',
  'ALTER TABLE store DROP COLUMN indexed_mid',
  'ALTER TABLE store DROP COLUMN reindex_mid',
  'ALTER TABLE store ADD COLUMN forgotten_change INTEGER NOT NULL DEFAULT 0',
  'CREATE TABLE search_changes (id INTEGER PRIMARY KEY AUTOINCREMENT, mid INTEGER NOT NULL) STRICT',
]

export const searchFile: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}
