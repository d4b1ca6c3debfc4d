import { MYSQL_TABLE, sql, type Kysely, type Migration } from '@bigtech/sql'

export const weeks: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`CREATE TABLE IF NOT EXISTS counted_weeks (
      week_start BIGINT NOT NULL PRIMARY KEY, counted_at BIGINT NOT NULL) ${MYSQL_TABLE}`.execute(db)
  },
}
