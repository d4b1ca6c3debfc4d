import { createOutboxTables } from '@bigtech/messaging'
import { sql, type Kysely, type Migration } from '@bigtech/sql'

export const records: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of [
      `CREATE TABLE entries (
        id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER NOT NULL, kind TEXT NOT NULL, created_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL, safety_level TEXT NOT NULL, text TEXT, mood INTEGER, analysis TEXT, questionnaire TEXT)`,
      'CREATE INDEX entries_of ON entries (user_id, id)',
      'CREATE INDEX entries_when ON entries (user_id, created_at)',
      'CREATE INDEX entries_expiry ON entries (expires_at)',
      // The recordings themselves are in the memory of the process that has them, and nowhere else.
      `CREATE TABLE recordings (
        id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER NOT NULL, state TEXT NOT NULL, owner TEXT NOT NULL, lease_until INTEGER NOT NULL,
        progress REAL NOT NULL, seconds REAL NOT NULL, keep_text INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
        ended_at INTEGER, error_code TEXT, entry_id INTEGER, result TEXT, result_until INTEGER)`,
      'CREATE INDEX recordings_of ON recordings (user_id, id)',
      'CREATE INDEX recordings_open ON recordings (ended_at, owner, id)',
      'CREATE INDEX recordings_results ON recordings (result_until)',
    ])
      await sql.raw(statement).execute(db)
    await createOutboxTables(db)
  },
}
