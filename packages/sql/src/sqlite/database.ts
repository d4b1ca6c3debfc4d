import { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import { migrate } from '../migrate.ts'
import { createSqliteDialect } from './dialect.ts'
import { openSqlite } from './open.ts'
import { createThreadedDialect } from './threaded-dialect.ts'
import { openInThread } from './thread.ts'

/**
 * Opens and migrates a service's SQLite database. Reads run on this thread, writes in the thread of all such databases, a
 * transaction at a time, so that no commit holds up the event loop. For low rates: the message path uses createWriter.
 */
export async function openThreadedDatabase<Schema>(
  file: string,
  name: string,
  migrations: Record<string, Migration>,
): Promise<Kysely<Schema>> {
  await (await openSqliteDatabase(file, name, migrations)).destroy()
  const writer = await openInThread(file)
  return new Kysely<Schema>({ dialect: createThreadedDialect(openSqlite(file, { readOnly: true }), writer) })
}

/** Opens (and migrates) a SQLite database on this thread, for migrations and tools: each commit waits for the disk here. */
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
