import { suite } from 'node:test'
import { coordinationContract, cursorsContract, logStoreContract } from '@bigtech/partition-log/testing'
import type { Shape } from '@bigtech/partition-log'
import { startProxy } from '@bigtech/testkit'
import { chatLogContract, type LogBodies } from '../chat-log.contract.ts'
import type { MongodbOptions } from './connect.ts'
import { openMongodbChatLog } from './open-log.ts'
import { onEachMongodb, temporaryMongodb } from './temporary.fixture.ts'

type Scope = { after(close: () => unknown): void }

onEachMongodb('partition log', (engine) => {
  const openOne = async <T extends Shape>(t: Scope, options: MongodbOptions, ownAddress?: () => string | undefined) => {
    const opened = await openMongodbChatLog<T>(options, ownAddress)
    t.after(() => opened.close())
    return opened
  }
  /** Two pools on one empty database, as two processes have. */
  const openTwo = async <T extends Shape>(t: Scope) => {
    const options = await temporaryMongodb(t, engine)
    return { options, both: [await openOne<T>(t, options), await openOne<T>(t, options)] as const }
  }

  logStoreContract(engine.name, async (t) => {
    const { both } = await openTwo<LogBodies & { body: string }>(t)
    return [both[0].log, both[1].log]
  })
  // MongoDB looks again at what it changes; who only finds it first lets two of a moment have the same version.
  const skip = engine.name === 'FerretDB' && 'FerretDB finds a document and then changes it: of two at once both may'
  void suite('documents that several change at once', { skip }, () => {
    if (skip) return
    coordinationContract(engine.name, async (t) => {
      const { both } = await openTwo(t)
      return [both[0].coordination, both[1].coordination]
    })
    cursorsContract(engine.name, async (t) => {
      const { both } = await openTwo(t)
      return [both[0].cursors, both[1].cursors]
    })
  })
  chatLogContract(async (t) => {
    const { options, both } = await openTwo<LogBodies>(t)
    return {
      both,
      async far(scope) {
        const url = new URL(options.url)
        const proxy = await startProxy({ host: url.hostname, port: Number(url.port || 27_017) })
        scope.after(() => proxy.close())
        url.host = `127.0.0.1:${proxy.port}`
        // A member of a replica set would be looked for where the set says that it is, past the proxy.
        url.searchParams.delete('replicaSet')
        url.searchParams.set('directConnection', 'true')
        const limits = { connections: 1, connectTimeoutMs: 500, answerTimeoutMs: 500 }
        return { proxy, far: await openOne<LogBodies>(scope, { ...options, ...limits, url: url.href }) }
      },
      at: (scope, ownAddress) => openOne<LogBodies>(scope, options, ownAddress),
    }
  })
})
