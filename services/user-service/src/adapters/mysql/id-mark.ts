import { MYSQL_TABLE, openMysqlDatabase, sql, type Kysely, type Migration, type MysqlOptions } from '@bigtech/sql'
import type { IdMark } from '../../ports.ts'

type Schema = { id_mark: { id: number; highest: number } }

const migrations: Record<string, Migration> = {
  '0001_id_mark': {
    async up(db: Kysely<unknown>) {
      await sql`CREATE TABLE IF NOT EXISTS id_mark (id INT NOT NULL PRIMARY KEY, highest BIGINT NOT NULL) ${MYSQL_TABLE}`.execute(
        db,
      )
      await sql`INSERT IGNORE INTO id_mark (id, highest) VALUES (1, 0)`.execute(db)
    },
  },
}

/**
 * The mark in a database of its own, for all processes: it is there when the database of the accounts is lost, and must be left as it is when an
 * older copy of that is put back.
 */
export async function openMysqlIdMark(options: MysqlOptions): Promise<IdMark & { close(): Promise<void> }> {
  const db = await openMysqlDatabase<Schema>({ ...options, migrations })
  const { highest } = await db.selectFrom('id_mark').select('highest').executeTakeFirstOrThrow()
  let written = highest
  return {
    /** As this process knows it: others may have raised it since. */
    current: () => written,
    async raise(id) {
      if (id <= written) return
      await db.updateTable('id_mark').set({ highest: id }).where('highest', '<', id).execute()
      written = Math.max(written, id)
    },
    close: () => db.destroy(),
  }
}
