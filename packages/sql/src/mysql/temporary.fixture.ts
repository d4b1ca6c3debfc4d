import { randomUUID } from 'node:crypto'
import { findEngine } from '@bigtech/testkit'
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import { openMysqlDatabase, type MysqlOptions } from './database.ts'

/** The server that suites run on, or why there is none. */
export const mysqlEngine = findEngine('MYSQL_URL', 'mariadb')

type Scope = { after(close: () => unknown): void }

/** An empty database that is dropped at the end. */
export async function temporaryMysql<Schema>(
  t: Scope,
  migrations: Record<string, Migration>,
  options: Partial<MysqlOptions> = {},
): Promise<{ db: Kysely<Schema>; options: MysqlOptions }> {
  const database = `bigtech_test_${randomUUID().replaceAll('-', '')}`
  const where = { url: mysqlEngine.value, connections: 10, scripts: true, ...options, database }
  const db = await openMysqlDatabase<Schema>({ ...where, migrations })
  t.after(async () => {
    await db.destroy()
    const { createConnection } = await import('mysql2/promise')
    const connection = await createConnection({ uri: mysqlEngine.value })
    await connection.query(`DROP DATABASE IF EXISTS \`${database}\``)
    await connection.end()
  })
  return { db, options: where }
}
