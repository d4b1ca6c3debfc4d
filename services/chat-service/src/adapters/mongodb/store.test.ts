import type { TestContext } from 'node:test'
import { mysqlEngine, temporaryMysql } from '@bigtech/sql/testing'
import { chatMysqlMigrations } from '../../migrations/index.ts'
import { chatConsentContract } from '../chat-consent.contract.ts'
import { chatFeedContract } from '../chat-feed.contract.ts'
import { chatListContract } from '../chat-list.contract.ts'
import { chatSenderContract } from '../chat-sender.contract.ts'
import { chatStoreContract } from '../chat-store.contract.ts'
import type { Chat } from '../partition/shape.ts'
import { PARTITIONS, runProcesses } from '../partition/store.fixture.ts'
import type { ChatSchema } from '../mysql/tables.ts'
import { openMongodbChat } from './open.ts'
import { onEachMongodb, temporaryMongodb } from './temporary.fixture.ts'

onEachMongodb(
  'the chat',
  (engine) => {
    /** Two processes, each with its pools, on two empty databases. */
    const open = async (t: TestContext) => {
      const drop: (() => unknown)[] = []
      const last = { after: (close: () => unknown) => void drop.push(close) }
      const { options } = await temporaryMysql<ChatSchema>(last, chatMysqlMigrations)
      const mongodb = await temporaryMongodb(last, engine)
      const both = await Promise.all(
        [1, 2].map(() => openMongodbChat<Chat>({ ...options, mongodb, partitions: PARTITIONS })),
      )
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
    const name = `${engine.name}, two processes`
    chatStoreContract(name, open)
    chatConsentContract(name, open)
    chatFeedContract(name, open)
    chatSenderContract(name, open)
    chatListContract(name, open)
  },
  mysqlEngine.skip,
)
