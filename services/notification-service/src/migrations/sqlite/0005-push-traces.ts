import { sql, type Kysely, type Migration } from '@bigtech/sql'

/** What is told later stays in the trace of what it tells of. */
export const pushTraces: Migration = {
  async up(db: Kysely<unknown>) {
    for (const table of ['rooms_due', 'deliveries'])
      await sql`ALTER TABLE ${sql.table(table)} ADD COLUMN trace TEXT`.execute(db)
  },
}
