import { sql, type Kysely, type Migration } from '@bigtech/sql'
import { fillHosts } from '../fill-hosts.ts'

/** As on SQLite. An ALTER cannot be undone: one that was done is passed over. */
export const pushHosts: Migration = {
  async up(db: Kysely<unknown>) {
    const { rows } = await sql`SELECT 1 FROM information_schema.columns
      WHERE table_schema = DATABASE() AND table_name = 'deliveries' AND column_name = 'host'`.execute(db)
    if (rows.length === 0)
      await sql`ALTER TABLE deliveries ADD COLUMN host VARCHAR(300) NOT NULL DEFAULT '',
        ADD KEY deliveries_host (host, next_at)`.execute(db)
    await fillHosts(db)
  },
}
