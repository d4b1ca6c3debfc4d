import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { temporaryMysql } from '@bigtech/sql/testing'
import { tempDir } from '@bigtech/testkit'
import { aiMysqlMigrations } from '../../migrations/index.ts'
import { openMysqlAiDatabase } from '../mysql/open.ts'
import { openAiDatabase } from '../sqlite/open.ts'
import type { AiDatabase } from './database.ts'
import type { AiSchema } from './schema.ts'

/** One process has the file, however many are asked for. */
export async function onSqlite(t: TestContext, processes = 1): Promise<AiDatabase[]> {
  const database = await openAiDatabase(join(tempDir(t), 'ai.db'))
  t.after(() => database.close())
  return Array.from({ length: processes }, () => database)
}

/** Each with connections of its own, on one database. */
export async function onMysql(t: TestContext, processes = 1): Promise<AiDatabase[]> {
  const { options } = await temporaryMysql<AiSchema>(t, aiMysqlMigrations)
  const databases = await Promise.all(Array.from({ length: processes }, () => openMysqlAiDatabase(options)))
  t.after(() => Promise.all(databases.map((database) => database.close())))
  return databases
}
