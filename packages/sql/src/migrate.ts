import type { Kysely } from 'kysely'
import { Migrator, type Migration } from 'kysely/migration'

// oxlint-disable-next-line typescript/no-explicit-any -- Kysely's own signature: migrations see any schema
type AnySchema = any

export class MigrationError extends Error {}

/**
 * Brings a database to the newest schema. `migrations` is an ordered map `{'0001_users': {up, down}}`.
 * @throws MigrationError with one clear sentence, also when the database was written by a newer program
 */
export async function migrate(
  db: Kysely<AnySchema>,
  name: string,
  migrations: Record<string, Migration>,
): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  const known = new Set(Object.keys(migrations))
  const unknown = (await executed(db)).filter((migration) => !known.has(migration))
  if (unknown.length > 0)
    throw new MigrationError(
      `The ${name} database was written by a newer version of this program (it has the unknown migration ${unknown[0]}). ` +
        'Start that version, or choose another DATA_DIR.',
    )
  const { error } = await migrator.migrateToLatest()
  if (error)
    throw new MigrationError(
      `Migrating the ${name} database failed: ${error instanceof Error ? error.message : JSON.stringify(error)}`,
      { cause: error },
    )
}

async function executed(db: Kysely<AnySchema>): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some((table) => table.name === 'kysely_migration')) return []
  const rows = await db.selectFrom('kysely_migration').select('name').execute()
  return rows.map((row) => String(row['name']))
}
