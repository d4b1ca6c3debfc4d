import { sql, type Kysely, type Migration } from '@bigtech/sql'

/** As on SQLite. An ALTER cannot be undone: one that was done is passed over. */
export const pushTraces: Migration = {
  async up(db: Kysely<unknown>) {
    for (const table of ['rooms_due', 'deliveries']) {
      const { rows } = await sql.raw(`SHOW COLUMNS FROM ${table} LIKE 'trace'`).execute(db)
      if (rows.length === 0)
        await sql.raw(`ALTER TABLE ${table} ADD COLUMN trace VARCHAR(55) CHARACTER SET ascii`).execute(db)
    }
  },
}
