import { sql, type Kysely, type Migration } from '@bigtech/sql'

/** Mails that wait to be sent, and who gets a digest when. */
export const mails: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of [
      `CREATE TABLE mails (
        id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER NOT NULL, kind TEXT NOT NULL, event_id TEXT NOT NULL, address TEXT,
        name TEXT, attempts INTEGER NOT NULL, at INTEGER NOT NULL, expires_at INTEGER NOT NULL, next_at INTEGER NOT NULL,
        claimed_until INTEGER NOT NULL)`,
      'CREATE INDEX mails_next ON mails (next_at)',
      'CREATE INDEX mails_of ON mails (user_id)',
      'CREATE INDEX mails_old ON mails (expires_at)',
      'CREATE TABLE digests (user_id INTEGER PRIMARY KEY, next_at INTEGER NOT NULL, unsubscribe_token TEXT NOT NULL UNIQUE)',
      'CREATE INDEX digests_next ON digests (next_at)',
    ])
      await sql.raw(statement).execute(db)
  },
}
