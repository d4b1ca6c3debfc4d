import { sql, type Kysely, type Migration } from '@bigtech/sql'

/** What an account has used: its files are summed over the index, what it did today is counted (of other days nothing is kept). */
const statements = [
  'CREATE INDEX files_by_owner ON files (owner_id, size)',
  `CREATE TABLE daily_counts (
    user_id INTEGER NOT NULL,
    what TEXT NOT NULL,
    day INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (user_id, what)
  ) STRICT, WITHOUT ROWID`,
]

export const quotas: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}
