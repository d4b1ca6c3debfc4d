import { sql, type Kysely, type Migration } from '@bigtech/sql'

/** As on SQLite. An ALTER cannot be undone: one that was done is passed over. */
export const noteActors: Migration = {
  async up(db: Kysely<unknown>) {
    const { rows } = await sql.raw("SHOW COLUMNS FROM note_actors LIKE 'detail'").execute(db)
    if (rows.length > 0) return
    await sql
      .raw(
        `ALTER TABLE note_actors ADD COLUMN detail VARCHAR(200) NOT NULL DEFAULT '', DROP PRIMARY KEY,
          ADD PRIMARY KEY (note_id, user_id, detail)`,
      )
      .execute(db)
  },
}
