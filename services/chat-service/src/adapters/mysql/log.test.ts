import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { coordinationContract, cursorsContract, logStoreContract } from '@bigtech/partition-log/testing'
import type { MysqlOptions } from '@bigtech/sql'
import { mysqlEngine, temporaryMysql } from '@bigtech/sql/testing'
import { startProxy } from '@bigtech/testkit'
import { chatMysqlMigrations } from '../../migrations/index.ts'
import { chatLogContract, type LogBodies } from '../chat-log.contract.ts'
import { openMysqlChat, openMysqlChatLog } from './open.ts'
import type { ChatLogSchema } from './schema.ts'

type Scope = { after(close: () => unknown): void }

suite('partition log on MySQL', { skip: mysqlEngine.skip }, () => {
  // Suites within register their tests also when this one is skipped.
  if (mysqlEngine.skip) return

  const openOne = async (t: Scope, options: MysqlOptions) => {
    const opened = await openMysqlChatLog<LogBodies>(options)
    t.after(() => opened.close())
    return opened
  }
  /** Two pools on one empty database, as two processes have. */
  const openTwo = async (t: Scope) => {
    const { options } = await temporaryMysql<ChatLogSchema>(t, chatMysqlMigrations)
    return { options, both: [await openOne(t, options), await openOne(t, options)] as const }
  }
  const openText = async (t: Scope, options: MysqlOptions) => {
    const opened = await openMysqlChatLog<LogBodies & { body: string }>(options)
    t.after(() => opened.close())
    return opened.log
  }

  logStoreContract('MySQL', async (t) => {
    const { options } = await temporaryMysql<ChatLogSchema>(t, chatMysqlMigrations)
    return [await openText(t, options), await openText(t, options)]
  })
  coordinationContract('MySQL', async (t) => {
    const { both } = await openTwo(t)
    return [both[0].coordination, both[1].coordination]
  })
  cursorsContract('MySQL', async (t) => {
    const { both } = await openTwo(t)
    return [both[0].cursors, both[1].cursors]
  })
  chatLogContract(async (t) => {
    const { options, both } = await openTwo(t)
    return {
      both,
      async far(scope) {
        const url = new URL(options.url)
        const proxy = await startProxy({ port: Number(url.port) })
        scope.after(() => proxy.close())
        url.port = String(proxy.port)
        const limits = { connections: 1, connectTimeoutMs: 500, answerTimeoutMs: 500 }
        return { proxy, far: await openOne(scope, { ...options, ...limits, url: url.href }) }
      },
      async at(scope, ownAddress) {
        const opened = await openMysqlChat({ ...options, partitions: 4, ownAddress })
        scope.after(() => opened.close())
        return opened
      },
    }
  })

  test('a store is one for all that open it, and has as many partitions as it was made with', async (t) => {
    const { options } = await temporaryMysql<ChatLogSchema>(t, chatMysqlMigrations)
    const opened = await Promise.all([4, 4, 4].map((partitions) => openMysqlChat({ ...options, partitions })))
    t.after(() => Promise.all(opened.map((chat) => chat.close())))
    assert.equal(new Set(opened.map(({ identity }) => identity.epoch)).size, 1)
    await assert.rejects(openMysqlChat({ ...options, partitions: 5 }), {
      message: 'this store was made with 4 partitions, and is opened with 5',
    })
  })
})
