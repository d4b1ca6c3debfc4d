import { MYSQL_TABLE, sql, type Kysely, type Migration } from '@bigtech/sql'

/** What is fixed when a store is made, and where its processes are reached by each other. */
export const store: Migration = {
  async up(db: Kysely<unknown>) {
    // One row: whoever is first makes it.
    await sql`CREATE TABLE IF NOT EXISTS chat_store (
      id INT NOT NULL PRIMARY KEY, epoch VARCHAR(64) NOT NULL, partitions INT NOT NULL) ${MYSQL_TABLE}`.execute(db)
    await sql`CREATE TABLE IF NOT EXISTS partition_addresses (
      node VARCHAR(255) NOT NULL PRIMARY KEY, address VARCHAR(255) NOT NULL) ${MYSQL_TABLE}`.execute(db)
  },
}
