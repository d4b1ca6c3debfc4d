import { MYSQL_TABLE, sql, type Kysely, type Migration } from '@bigtech/sql'

/**
 * Whom messages call. `mentioned` finds those that call somebody, or everyone (user 0), after a position, without looking at the messages. Members
 * are found by what they are called: `username_key` is made by the database, for processes of the version before know nothing of it. What was done is passed
 * over.
 */
const columns = [
  ['messages', 'mentions', 'MEDIUMTEXT'],
  [
    'profiles',
    'username_key',
    'VARCHAR(100) GENERATED ALWAYS AS (LOWER(username)) VIRTUAL, ADD KEY profiles_by_name (username_key)',
  ],
] as const

export const mentions: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`CREATE TABLE IF NOT EXISTS mentioned (
      room_id BIGINT NOT NULL, user_id BIGINT NOT NULL, seq BIGINT NOT NULL,
      PRIMARY KEY (room_id, user_id, seq)) ${MYSQL_TABLE}`.execute(db)
    for (const [table, name, type] of columns) {
      const { rows } = await sql`SELECT 1 FROM information_schema.columns
        WHERE table_schema = DATABASE() AND table_name = ${table} AND column_name = ${name}`.execute(db)
      if (rows.length === 0) await sql.raw(`ALTER TABLE ${table} ADD COLUMN ${name} ${type}`).execute(db)
    }
  },
}
