import { sql, type Kysely, type Migration } from '@bigtech/sql'

/** What a member is told of takes the place of `muted`: a room that was muted tells nothing until that is taken back. */
const statements = [
  `ALTER TABLE members ADD COLUMN notify TEXT NOT NULL DEFAULT 'all' CHECK (notify IN ('all', 'mentions', 'none'))`,
  'ALTER TABLE members ADD COLUMN muted_until INTEGER',
  `UPDATE members SET notify = 'none' WHERE muted = 1`,
  'ALTER TABLE members DROP COLUMN muted',
]

export const notify: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}
