import { createInboxTable } from '@bigtech/messaging'
import { sql, type Kysely, type Migration } from '@bigtech/sql'

export const consents: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of [
      `CREATE TABLE consents (
        id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER NOT NULL, kind TEXT NOT NULL, version INTEGER NOT NULL,
        open_key TEXT, given_at INTEGER NOT NULL, withdrawn_at INTEGER)`,
      // Two of a person and kind cannot hold; of those that were withdrawn the key is NULL.
      'CREATE UNIQUE INDEX consents_open ON consents (user_id, open_key)',
      'CREATE INDEX consents_of ON consents (user_id, id)',
    ])
      await sql.raw(statement).execute(db)
    await createInboxTable(db)
  },
}
