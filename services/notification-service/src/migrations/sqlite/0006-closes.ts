import { sql, type Kysely, type Migration } from '@bigtech/sql'

/** How many pushes that show nothing a device was sent, and since when. */
export const closes: Migration = {
  async up(db: Kysely<unknown>) {
    for (const column of ['closes', 'closes_from'])
      await sql`ALTER TABLE subscriptions ADD COLUMN ${sql.ref(column)} INTEGER NOT NULL DEFAULT 0`.execute(db)
  },
}
