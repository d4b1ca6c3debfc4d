import { sql, type Kysely, type Migration } from '@bigtech/sql'

/** As on SQLite. An ALTER cannot be undone: one that was done is passed over. */
export const renewals: Migration = {
  async up(db: Kysely<unknown>) {
    const { rows } = await sql.raw("SHOW COLUMNS FROM consents LIKE 'renewal_told'").execute(db)
    if (rows.length === 0)
      await sql
        .raw('ALTER TABLE consents ADD COLUMN renewal_told INT, ADD KEY consents_words (kind, version)')
        .execute(db)
  },
}
