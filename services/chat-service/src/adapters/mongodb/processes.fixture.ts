import type { TestContext } from 'node:test'
import { temporaryMysql } from '@bigtech/sql/testing'
import { chatMysqlMigrations } from '../../migrations/index.ts'
import type { ChatSchema } from '../mysql/tables.ts'
import type { Chat } from '../partition/shape.ts'
import { PARTITIONS, runProcesses } from '../partition/store.fixture.ts'
import { openMongodbChat } from './open.ts'
import { temporaryMongodb, type MongodbEngine } from './temporary.fixture.ts'

/** Two processes, each with its pools, on two empty databases. */
export const twoProcesses = (engine: MongodbEngine) => async (t: TestContext) => {
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
