import { sql, type Kysely, type Migration } from '@bigtech/sql'

/**
 * `first_rev`: the revision a message came with, once it has been changed. Of rows changed before this migration it is not known:
 * any number between those of their neighbours keeps the order, which is all it is used for.
 */
const statements = [
  'ALTER TABLE messages ADD COLUMN first_rev INTEGER',
  `UPDATE messages SET first_rev = later.rev - 1
   FROM (
     SELECT mid, min(rev) OVER (PARTITION BY room_id ORDER BY seq ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS rev
     FROM messages
   ) AS later
   WHERE later.mid = messages.mid AND later.rev < messages.rev`,
  'DROP INDEX messages_by_rev',
  'CREATE UNIQUE INDEX messages_changed ON messages (room_id, rev) WHERE first_rev IS NOT NULL',
]

export const revisions: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}
