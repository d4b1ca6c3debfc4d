import { suite, type TestContext } from 'node:test'
import { mysqlEngine, temporaryMysql } from '@bigtech/sql/testing'
import { chatMysqlMigrations } from '../../migrations/index.ts'
import { chatConsentContract } from '../chat-consent.contract.ts'
import { chatEventsContract } from '../chat-events.contract.ts'
import { chatFeedContract } from '../chat-feed.contract.ts'
import { chatListContract } from '../chat-list.contract.ts'
import { chatSenderContract } from '../chat-sender.contract.ts'
import { chatStoreContract } from '../chat-store.contract.ts'
import type { Chat } from '../partition/shape.ts'
import { PARTITIONS, runProcesses } from '../partition/store.fixture.ts'
import { openMysqlChat } from './open.ts'
import type { ChatSchema } from './tables.ts'

suite('the chat on MySQL', { skip: mysqlEngine.skip }, () => {
  // Suites within register their tests also when this one is skipped.
  if (mysqlEngine.skip) return

  /** Two processes, each with a pool, on one empty database. */
  const open = async (t: TestContext) => {
    const drop: (() => unknown)[] = []
    const last = { after: (close: () => unknown) => void drop.push(close) }
    const { options } = await temporaryMysql<ChatSchema>(last, chatMysqlMigrations)
    const both = await Promise.all([1, 2].map(() => openMysqlChat<Chat>({ ...options, partitions: PARTITIONS })))
    const [here, there] = both as [(typeof both)[0], (typeof both)[0]]
    const processes = await runProcesses(t, [
      ['a#1', here],
      ['b#1', there],
    ])
    t.after(async () => {
      await Promise.all(both.map((chat) => chat.close()))
      for (const close of drop) await close()
    })
    return processes
  }
  chatStoreContract('MySQL, two processes', open)
  chatConsentContract('MySQL, two processes', open)
  chatFeedContract('MySQL, two processes', open)
  chatSenderContract('MySQL, two processes', open)
  chatListContract('MySQL, two processes', open)
  chatEventsContract('MySQL, two processes', open)
})
