import { sql, type Kysely, type Migration } from '@bigtech/sql'

/**
 * How somebody went out of a room ('left', 'removed', 'closed'; null: before this was kept), and who is asked to come back. A declined
 * invitation stays, so that nobody is asked again at once.
 */
const statements = [
  'ALTER TABLE former_members ADD COLUMN via TEXT',
  `CREATE TABLE invitations (
    user_id INTEGER NOT NULL,
    room_id INTEGER NOT NULL,
    invited_by INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    declined_at INTEGER,
    PRIMARY KEY (user_id, room_id)
  ) STRICT, WITHOUT ROWID`,
  // Who is removed takes their open invitations with them.
  'CREATE INDEX invitations_by ON invitations (room_id, invited_by)',
]

export const consent: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}
