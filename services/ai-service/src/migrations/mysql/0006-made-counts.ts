import { MYSQL_TABLE, sql, type Kysely, type Migration } from '@bigtech/sql'

/** As on SQLite. */
export const madeCounts: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`CREATE TABLE IF NOT EXISTS made_counts (
      user_id BIGINT NOT NULL, what VARCHAR(60) NOT NULL, hour BIGINT NOT NULL, n INT NOT NULL,
      PRIMARY KEY (user_id, what, hour), KEY made_counts_old (hour)) ${MYSQL_TABLE}`.execute(db)
  },
}
