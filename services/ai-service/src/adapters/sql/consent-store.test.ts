import { join } from 'node:path'
import { suite } from 'node:test'
import { mysqlEngine, temporaryMysql } from '@bigtech/sql/testing'
import { tempDir } from '@bigtech/testkit'
import { aiMysqlMigrations } from '../../migrations/index.ts'
import { consentStoreContract } from '../consent-store.contract.ts'
import { openMysqlAiDatabase } from '../mysql/open.ts'
import { openAiDatabase } from '../sqlite/open.ts'
import type { AiSchema } from './schema.ts'

consentStoreContract('SQLite', async (t, processes = 1) => {
  const database = await openAiDatabase(join(tempDir(t), 'ai.db'))
  t.after(() => database.close())
  // One process has the file.
  return Array.from({ length: processes }, () => database.consents)
})

suite('MySQL', { skip: mysqlEngine.skip }, () => {
  consentStoreContract('MySQL', async (t, processes = 1) => {
    const { options } = await temporaryMysql<AiSchema>(t, aiMysqlMigrations)
    const databases = await Promise.all(Array.from({ length: processes }, () => openMysqlAiDatabase(options)))
    t.after(() => Promise.all(databases.map((database) => database.close())))
    return databases.map(({ consents }) => consents)
  })
})
