import { MYSQL_TABLE, sql, type Kysely, type Migration } from '@bigtech/sql'

/** Whether messages are in this database or in another one: what was there before had them here. */
export const messageStore: Migration = {
  async up(db: Kysely<unknown>) {
    // One row, as chat_store has.
    await sql`CREATE TABLE IF NOT EXISTS chat_message_store (
      id INT NOT NULL PRIMARY KEY, name VARCHAR(20) NOT NULL) ${MYSQL_TABLE}`.execute(db)
    await sql`INSERT IGNORE INTO chat_message_store (id, name) SELECT id, 'mysql' FROM chat_store`.execute(db)
  },
}
