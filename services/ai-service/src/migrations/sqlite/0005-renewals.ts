import { sql, type Kysely, type Migration } from '@bigtech/sql'

/** Whose consent is to older words, and whether they were told. */
export const renewals: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of [
      'ALTER TABLE consents ADD COLUMN renewal_told INTEGER',
      'CREATE INDEX consents_words ON consents (kind, version)',
    ])
      await sql.raw(statement).execute(db)
  },
}
