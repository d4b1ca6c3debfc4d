import { sql, type Kysely, type Migration } from '@bigtech/sql'
import { fillHosts } from '../fill-hosts.ts'

/** Deliveries know their push service: those of one that is away are passed over. */
export const pushHosts: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`ALTER TABLE deliveries ADD COLUMN host TEXT NOT NULL DEFAULT ''`.execute(db)
    await sql`CREATE INDEX deliveries_host ON deliveries (host, next_at)`.execute(db)
    await fillHosts(db)
  },
}
