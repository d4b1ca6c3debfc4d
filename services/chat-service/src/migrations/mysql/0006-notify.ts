import { sql, type Kysely, type Migration } from '@bigtech/sql'

/**
 * What a member is told of. `muted` stays, and says that it is nothing: processes of the version before, which run on while they are replaced, write
 * no more than that. An ALTER cannot be undone: one that was done is passed over.
 */
const columns = { mentions_only: 'TINYINT NOT NULL DEFAULT 0', muted_until: 'BIGINT' }

export const notify: Migration = {
  async up(db: Kysely<unknown>) {
    for (const [name, type] of Object.entries(columns)) {
      const { rows } = await sql`SELECT 1 FROM information_schema.columns
        WHERE table_schema = DATABASE() AND table_name = 'members' AND column_name = ${name}`.execute(db)
      if (rows.length === 0) await sql.raw(`ALTER TABLE members ADD COLUMN ${name} ${type}`).execute(db)
    }
  },
}
