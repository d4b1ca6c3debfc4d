import { sql, type Kysely, type Migration } from '@bigtech/sql'

/**
 * The search index with single characters and the names of files (docs/adr/0033). It begins empty: what was indexed is indexed
 * again in the pauses of the writer, the newest first, so that a start does not wait for years of messages.
 */
const statements = [
  `DROP TABLE messages_fts`,
  `CREATE VIRTUAL TABLE messages_fts USING fts5 (room, pairs, singles, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 0")`,
  `ALTER TABLE store ADD COLUMN reindex_mid INTEGER NOT NULL DEFAULT 0`,
  `UPDATE store SET reindex_mid = indexed_mid`,
]

export const search: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}
