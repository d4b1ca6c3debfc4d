import { sql, type Kysely, type Migration } from '@bigtech/sql'

/**
 * Each note for the search index has a random mark, and so has the last of those that were removed. Two continuations of one copy of this
 * database count alike; by the marks an index knows which of them it is of (docs/adr/0036).
 */
const statements = [
  `ALTER TABLE search_changes ADD COLUMN mark TEXT NOT NULL DEFAULT ''`,
  `ALTER TABLE store ADD COLUMN forgotten_mark TEXT NOT NULL DEFAULT ''`,
]

export const changeMarks: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}
