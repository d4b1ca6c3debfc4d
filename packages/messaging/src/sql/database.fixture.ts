import { join } from 'node:path'
import { type Migration, openThreadedDatabase } from '@bigtech/sql'
import { temporaryMysql } from '@bigtech/sql/testing'
import type { Kysely } from 'kysely'
import { type Scope, tempDir } from '../testing.ts'
import { createInboxTable, createOutboxTables, type InboxTables, type OutboxTables } from './tables.ts'

/** A small service database: an outbox, an inbox, and one table of its own. */
export type TestTables = OutboxTables & InboxTables & { effects: { name: string } }

const migrations: Record<string, Migration> = {
  '0001_test': {
    async up(db) {
      await createOutboxTables(db)
      await createInboxTable(db)
      await db.schema
        .createTable('effects')
        .addColumn('name', 'varchar(100)', (column) => column.primaryKey())
        .execute()
    },
  },
}

export async function testDatabase(t: Scope): Promise<{ db: Kysely<TestTables>; file: string }> {
  const file = join(tempDir(t), 'service.db')
  const db = await openThreadedDatabase<TestTables>(file, 'test', migrations)
  t.after(() => db.destroy())
  return { db, file }
}

/** The same on MySQL or MariaDB. */
export const testMysqlDatabase = (t: Scope) => temporaryMysql<TestTables>(t, migrations)

export const effects = async (db: Kysely<TestTables>): Promise<string[]> =>
  (await db.selectFrom('effects').select('name').orderBy('name').execute()).map(({ name }) => name)
