import { sql, type Kysely, type Migration } from '@bigtech/sql'

/** As on SQLite. An ALTER cannot be undone: one that was done is passed over. */
export const closes: Migration = {
  async up(db: Kysely<unknown>) {
    const { rows } = await sql.raw("SHOW COLUMNS FROM subscriptions LIKE 'closes'").execute(db)
    if (rows.length === 0)
      await sql
        .raw(
          'ALTER TABLE subscriptions ADD COLUMN closes INT NOT NULL DEFAULT 0, ADD COLUMN closes_from BIGINT NOT NULL DEFAULT 0',
        )
        .execute(db)
  },
}
