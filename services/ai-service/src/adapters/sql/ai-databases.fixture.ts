import { join } from 'node:path'
import { suite, type TestContext } from 'node:test'
import { mysqlEngine, temporaryMysql } from '@bigtech/sql/testing'
import { tempDir } from '@bigtech/testkit'
import { aiMysqlMigrations } from '../../migrations/index.ts'
import { openMysqlAiDatabase } from '../mysql/open.ts'
import { openAiDatabase } from '../sqlite/open.ts'
import type { AiDatabase } from './database.ts'
import type { AiSchema } from './schema.ts'

/** An empty database, as many processes have it. */
export type OpenDatabases = (t: TestContext, processes?: number) => Promise<AiDatabase[]>

/** A suite of a port, on each engine there is. */
export function onEachEngine(contract: (name: string, open: OpenDatabases) => void): void {
  contract('SQLite', async (t, processes = 1) => {
    const database = await openAiDatabase(join(tempDir(t), 'ai.db'))
    t.after(() => database.close())
    // One process has the file.
    return Array.from({ length: processes }, () => database)
  })
  void suite('MySQL', { skip: mysqlEngine.skip }, () => {
    contract('MySQL', async (t, processes = 1) => {
      const { options } = await temporaryMysql<AiSchema>(t, aiMysqlMigrations)
      const databases = await Promise.all(Array.from({ length: processes }, () => openMysqlAiDatabase(options)))
      t.after(() => Promise.all(databases.map((database) => database.close())))
      return databases
    })
  })
}
