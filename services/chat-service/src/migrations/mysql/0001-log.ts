import { MYSQL_TABLE, sql, type Kysely, type Migration } from '@bigtech/sql'

/** The partition log, who writes it, and up to where it was published. A CREATE cannot be undone: one that was done is passed over. */
export const log: Migration = {
  async up(db: Kysely<unknown>) {
    // The only key is the place: a key that clashes means that it is taken, and nothing else.
    await sql`CREATE TABLE IF NOT EXISTS \`log\` (
      p INT NOT NULL, n BIGINT NOT NULL, term BIGINT NOT NULL, at BIGINT NOT NULL, \`by\` VARCHAR(255) NOT NULL,
      entries LONGBLOB NOT NULL, PRIMARY KEY (p, n)) ${MYSQL_TABLE}`.execute(db)
    await sql`CREATE TABLE IF NOT EXISTS partition_leases (
      p INT NOT NULL PRIMARY KEY, holder VARCHAR(255), next VARCHAR(255), term BIGINT NOT NULL, floor BIGINT NOT NULL,
      version BIGINT NOT NULL) ${MYSQL_TABLE}`.execute(db)
    await sql`CREATE TABLE IF NOT EXISTS partition_nodes (
      node VARCHAR(255) NOT NULL PRIMARY KEY, beat BIGINT NOT NULL) ${MYSQL_TABLE}`.execute(db)
    await sql`CREATE TABLE IF NOT EXISTS partition_cursors (
      p INT NOT NULL PRIMARY KEY, n BIGINT NOT NULL) ${MYSQL_TABLE}`.execute(db)
  },
}
