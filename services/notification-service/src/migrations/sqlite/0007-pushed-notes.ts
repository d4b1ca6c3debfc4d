import { sql, type Kysely, type Migration } from '@bigtech/sql'

/** When a note was last shown on a device: what shows it is taken off with it. Of those before it is not known. */
export const pushedNotes: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`ALTER TABLE notifications ADD COLUMN pushed_at INTEGER`.execute(db)
  },
}
