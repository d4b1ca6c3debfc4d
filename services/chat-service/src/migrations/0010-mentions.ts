import { sql, type Kysely, type Migration } from '@bigtech/sql'
import { nameKey } from '../domain/mention.ts'

/**
 * Whom messages call. `mentioned` finds those that call somebody, or everyone (user 0), after a position, without looking at the messages. Members
 * are found by what they are called.
 */
const statements = [
  'ALTER TABLE messages ADD COLUMN mentions TEXT',
  `CREATE TABLE mentioned (
    room_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (room_id, user_id, seq)
  ) STRICT, WITHOUT ROWID`,
  `ALTER TABLE profiles ADD COLUMN username_key TEXT NOT NULL DEFAULT ''`,
  'CREATE INDEX profiles_by_name ON profiles (username_key)',
]

export const mentions: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
    // SQLite itself knows no case of letters beyond ASCII.
    const { rows } = await sql<{ user_id: number; username: string }>`SELECT user_id, username FROM profiles`.execute(
      db,
    )
    for (const { user_id, username } of rows)
      await sql`UPDATE profiles SET username_key = ${nameKey(username)} WHERE user_id = ${user_id}`.execute(db)
  },
}
