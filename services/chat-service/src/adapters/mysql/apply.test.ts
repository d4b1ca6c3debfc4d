import { suite } from 'node:test'
import { connectMysql } from '@bigtech/sql'
import { mysqlEngine, temporaryMysql } from '@bigtech/sql/testing'
import { chatMysqlMigrations } from '../../migrations/index.ts'
import type { Bodies } from '../partition/entries.ts'
import { applyContract } from './apply.contract.ts'
import { createMysqlApply } from './apply.ts'
import { createMysqlFind } from './find.ts'
import { createMysqlLogStore } from './log-store.ts'
import { createMysqlMessageReads } from './message-reads.ts'
import { PARTITIONS } from './random-log.fixture.ts'
import { rebuildPartition } from './rebuild.ts'
import type { ChatSchema } from './tables.ts'

suite('apply on MySQL', { skip: mysqlEngine.skip }, () => {
  if (mysqlEngine.skip) return

  /** Two pools on one database, as two processes have. */
  applyContract(async (t) => {
    const { db, options } = await temporaryMysql<ChatSchema>(t, chatMysqlMigrations)
    const other = await connectMysql<ChatSchema>(options)
    t.after(() => other.destroy())
    const log = createMysqlLogStore<Bodies>(db)
    return {
      db,
      tables: {
        apply: createMysqlApply(db),
        find: createMysqlFind(db, PARTITIONS),
        messages: createMysqlMessageReads(db),
      },
      other: { apply: createMysqlApply(other) },
      log,
      rebuild: (p) => rebuildPartition(db, createMysqlApply(db), log, p),
      elsewhere: { dump: async () => [], empty: async () => undefined },
    }
  })
})
