import { join } from 'node:path'
import { suite, test } from 'node:test'
import { mysqlEngine, temporaryMysql } from '@bigtech/sql/testing'
import { tempDir } from '@bigtech/testkit'
import { chatMysqlMigrations } from '../../migrations/index.ts'
import { createSqliteChatStore } from '../sqlite/store.ts'
import { createMysqlApply } from './apply.ts'
import { createMysqlChatTables } from './chat-tables.ts'
import { compareReads } from './compare.fixture.ts'
import { copyChat, PARTITIONS } from './copy.fixture.ts'
import { createMysqlFiles } from './files.ts'
import type { ChatSchema } from './tables.ts'

suite('reads on MySQL', { skip: mysqlEngine.skip }, () => {
  if (mysqlEngine.skip) return

  test('are those of SQLite, of the same rows (random actions)', async (t) => {
    const file = join(tempDir(t), 'chat.db')
    const sqlite = await createSqliteChatStore(file)
    t.after(() => sqlite.close())
    const { db } = await temporaryMysql<ChatSchema>(t, chatMysqlMigrations)
    const tables = { ...createMysqlChatTables(db, PARTITIONS, createMysqlApply(db)), files: createMysqlFiles(db) }
    await compareReads(sqlite, tables, () => copyChat(file, db), 12)
  })
})
