import type { Kysely, Migration } from '@bigtech/sql'

/** With the token itself the salt gives its successor again: a lost answer can be repeated. Unknown of tokens used before. */
export const refreshSuccessors: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable('refresh_tokens').addColumn('successor_salt', 'varchar(64)').execute()
  },
}
