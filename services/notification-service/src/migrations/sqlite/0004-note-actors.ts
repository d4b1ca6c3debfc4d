import { sql, type Kysely, type Migration } from '@bigtech/sql'

/** What an actor did of it, so that one reaction taken back leaves the others of the same person. Of what was before it is not known: ''. */
export const noteActors: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of [
      'ALTER TABLE note_actors RENAME TO note_actors_before',
      `CREATE TABLE note_actors (note_id INTEGER NOT NULL, user_id INTEGER NOT NULL, detail TEXT NOT NULL, at INTEGER NOT NULL,
        PRIMARY KEY (note_id, user_id, detail)) WITHOUT ROWID`,
      `INSERT INTO note_actors SELECT note_id, user_id, '', at FROM note_actors_before`,
      'DROP TABLE note_actors_before',
      'CREATE INDEX note_actors_of ON note_actors (user_id)',
    ])
      await sql.raw(statement).execute(db)
  },
}
