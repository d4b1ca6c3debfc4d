import { MYSQL_TABLE, sql, type Kysely, type Migration } from '@bigtech/sql'

/** Rooms that were asked for by a request that may be repeated: it gets the same again. */
export const groupKeys: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`CREATE TABLE IF NOT EXISTS group_keys (
      made_for VARBINARY(512) NOT NULL PRIMARY KEY, room_id BIGINT NOT NULL, created_at BIGINT NOT NULL,
      KEY group_keys_by_age (created_at)) ${MYSQL_TABLE}`.execute(db)
  },
}
