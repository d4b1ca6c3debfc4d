import { sql, type Kysely, type Migration } from '@bigtech/sql'

/** Guardians: links, what they note and want to be told of, what they were told and have looked at. */
export const links: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of [
      `ALTER TABLE consents ADD COLUMN subject TEXT NOT NULL DEFAULT ''`,
      `CREATE TABLE care_links (
        id INTEGER PRIMARY KEY AUTOINCREMENT, senior_id INTEGER NOT NULL, guardian_id INTEGER NOT NULL, asked_by INTEGER NOT NULL,
        state TEXT NOT NULL, is_open INTEGER, created_at INTEGER NOT NULL, accepted_at INTEGER, ended_at INTEGER)`,
      // Of two people there is one that did not end; of those that did it is NULL.
      'CREATE UNIQUE INDEX care_links_open ON care_links (senior_id, guardian_id, is_open)',
      'CREATE INDEX care_links_of_guardian ON care_links (guardian_id, is_open)',
      'CREATE INDEX care_links_asked ON care_links (asked_by, created_at)',
      `CREATE TABLE care_watches (
        guardian_id INTEGER NOT NULL, senior_id INTEGER NOT NULL, quiet_days INTEGER, questionnaire INTEGER NOT NULL,
        cues INTEGER NOT NULL, sign_at INTEGER NOT NULL, quiet_told INTEGER, PRIMARY KEY (guardian_id, senior_id)) WITHOUT ROWID`,
      'CREATE INDEX care_watches_of ON care_watches (senior_id)',
      `CREATE TABLE care_alerts (
        id INTEGER PRIMARY KEY AUTOINCREMENT, guardian_id INTEGER NOT NULL, senior_id INTEGER NOT NULL, kind TEXT NOT NULL,
        alert_key TEXT NOT NULL, raised_at INTEGER NOT NULL, read_at INTEGER)`,
      // What is told once, however often it is found.
      'CREATE UNIQUE INDEX care_alerts_once ON care_alerts (guardian_id, senior_id, alert_key)',
      'CREATE INDEX care_alerts_of ON care_alerts (guardian_id, id)',
      'CREATE INDEX care_alerts_about ON care_alerts (senior_id)',
      `CREATE TABLE care_reads (
        id INTEGER PRIMARY KEY AUTOINCREMENT, senior_id INTEGER NOT NULL, reader_id INTEGER NOT NULL, what TEXT NOT NULL,
        hour INTEGER NOT NULL, read_at INTEGER NOT NULL)`,
      'CREATE UNIQUE INDEX care_reads_once ON care_reads (senior_id, reader_id, what, hour)',
      'CREATE INDEX care_reads_of ON care_reads (senior_id, id)',
      'CREATE INDEX care_reads_by ON care_reads (reader_id)',
      `CREATE TABLE care_notes (
        id INTEGER PRIMARY KEY AUTOINCREMENT, senior_id INTEGER NOT NULL, author_id INTEGER NOT NULL, text TEXT NOT NULL,
        created_at INTEGER NOT NULL)`,
      'CREATE INDEX care_notes_of ON care_notes (senior_id, id)',
      'CREATE INDEX care_notes_by ON care_notes (author_id)',
    ])
      await sql.raw(statement).execute(db)
  },
}
