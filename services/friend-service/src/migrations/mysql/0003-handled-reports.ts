import { sql, type Kysely, type Migration } from '@bigtech/sql'

/** As on SQLite, in one statement: it is done, or not. An ALTER cannot be undone: one that was done is passed over. */
export const handledReports: Migration = {
  async up(db: Kysely<unknown>) {
    const { rows } = await sql`SELECT 1 FROM information_schema.columns
      WHERE table_schema = DATABASE() AND table_name = 'reports' AND column_name = 'handled_at'`.execute(db)
    if (rows.length > 0) return
    await sql`ALTER TABLE reports ADD COLUMN handled_by BIGINT, ADD COLUMN handled_at BIGINT,
      ADD KEY reports_handled (handled_at, id)`.execute(db)
  },
}
