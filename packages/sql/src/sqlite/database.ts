import { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import { migrate } from '../migrate.ts'
import { createSqliteDialect } from './dialect.ts'
import { openSqlite } from './open.ts'

/**
 * Opens (and migrates) a service's SQLite database on this thread.
 * For low-rate stores: each commit waits for the disk on the calling thread. The message path uses createWriter.
 */
export async function openSqliteDatabase<Schema>(
  file: string,
  name: string,
  migrations: Record<string, Migration>,
): Promise<Kysely<Schema>> {
  const db = new Kysely<Schema>({ dialect: createSqliteDialect(openSqlite(file)) })
  try {
    await migrate(db, name, migrations)
  } catch (error) {
    await db.destroy()
    throw error
  }
  return db
}
