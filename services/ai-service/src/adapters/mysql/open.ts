import { createSqlOutbox, KEEP_EVENTS_MS } from '@bigtech/messaging'
import { createSqlLeases, type Leases } from '@bigtech/service'
import { openMysqlDatabases, type ReplicatedMysqlOptions } from '@bigtech/sql'
import { aiMysqlMigrations } from '../../migrations/index.ts'
import { createStores, type AiDatabase } from '../sql/database.ts'
import type { AiSchema } from '../sql/schema.ts'

/** Opens and migrates ai-service's database on MySQL or MariaDB, which many processes may share. */
export async function openMysqlAiDatabase(options: ReplicatedMysqlOptions): Promise<AiDatabase & { leases: Leases }> {
  const { db, close } = await openMysqlDatabases<AiSchema>(options, aiMysqlMigrations)
  return {
    ...createStores(db),
    outbox: createSqlOutbox(db, { keepMs: KEEP_EVENTS_MS }),
    leases: createSqlLeases(db),
    // Refused by a server that is read only, though there is no such row.
    check: async () => void (await db.deleteFrom('consents').where('user_id', '=', -1).execute()),
    close,
  }
}
