import { sql, type Kysely, type Migration } from '@bigtech/sql'

/** How much somebody made, hour by hour, whatever became of it. What was made before is not counted. */
export const madeCounts: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of [
      `CREATE TABLE made_counts (user_id INTEGER NOT NULL, what TEXT NOT NULL, hour INTEGER NOT NULL, n INTEGER NOT NULL,
        PRIMARY KEY (user_id, what, hour)) WITHOUT ROWID`,
      'CREATE INDEX made_counts_old ON made_counts (hour)',
    ])
      await sql.raw(statement).execute(db)
  },
}
