import { sql, type Kysely, type Migration } from '@bigtech/sql'

/** As on SQLite. An ALTER cannot be undone: one that was done is passed over. */
export const pushedNotes: Migration = {
  async up(db: Kysely<unknown>) {
    const { rows } = await sql.raw("SHOW COLUMNS FROM notifications LIKE 'pushed_at'").execute(db)
    if (rows.length === 0) await sql.raw('ALTER TABLE notifications ADD COLUMN pushed_at BIGINT').execute(db)
  },
}
