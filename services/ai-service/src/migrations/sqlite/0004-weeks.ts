import { sql, type Kysely, type Migration } from '@bigtech/sql'

export const weeks: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`CREATE TABLE counted_weeks (week_start INTEGER PRIMARY KEY, counted_at INTEGER NOT NULL)`.execute(db)
  },
}
