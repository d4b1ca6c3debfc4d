import { openThreadedDatabase, probeStatement, sql } from '@bigtech/sql'
import { aiMigrations } from '../../migrations/index.ts'
import type { AiSchema } from '../sql/schema.ts'
import { createStores, type AiDatabase } from '../sql/database.ts'

/** Opens and migrates the SQLite file of ai-service. */
export async function openAiDatabase(file: string): Promise<AiDatabase> {
  const db = await openThreadedDatabase<AiSchema>(file, 'ai-service', aiMigrations)
  return {
    ...createStores(db),
    check: async () => void (await sql.raw(probeStatement()).execute(db)),
    close: () => db.destroy(),
  }
}
