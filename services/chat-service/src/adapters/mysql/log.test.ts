import assert from 'node:assert/strict'
import { suite, test, type TestContext } from 'node:test'
import type { LogDocument } from '@bigtech/partition-log'
import { coordinationContract, cursorsContract, logStoreContract } from '@bigtech/partition-log/testing'
import type { MysqlOptions } from '@bigtech/sql'
import { mysqlEngine, temporaryMysql } from '@bigtech/sql/testing'
import { eventually, startProxy } from '@bigtech/testkit'
import { chatMysqlMigrations } from '../../migrations/index.ts'
import { openMysqlChat, openMysqlChatLog } from './open.ts'
import type { ChatLogSchema } from './schema.ts'

type Scope = { after(close: () => unknown): void }
type Bodies = { body: unknown; command: never; answer: never; state: never }

const document = (n: number, by: string, bodies: readonly unknown[] = [by]): LogDocument<Bodies> => ({
  p: 1,
  n,
  term: 3,
  at: 1_700_000_000_000_000 + n,
  by,
  entries: bodies.map((body, i) => ({ room: 11, f: n + i, key: `k${n}-${i}`, body })),
})

suite('partition log on MySQL', { skip: mysqlEngine.skip }, () => {
  // Suites within register their tests also when this one is skipped.
  if (mysqlEngine.skip) return

  const openOne = async (t: Scope, options: MysqlOptions) => {
    const opened = await openMysqlChatLog<Bodies>(options)
    t.after(() => opened.close())
    return opened
  }
  /** Two pools on one empty database, as two processes have. */
  const openTwo = async (t: Scope) => {
    const { db, options } = await temporaryMysql<ChatLogSchema>(t, chatMysqlMigrations)
    return { db, options, both: [await openOne(t, options), await openOne(t, options)] as const }
  }
  /** A third pool, whose connections can be lost. */
  const openBehindProxy = async (t: TestContext) => {
    const { db, options, both } = await openTwo(t)
    const url = new URL(options.url)
    const proxy = await startProxy({ port: Number(url.port) })
    t.after(() => proxy.close())
    url.port = String(proxy.port)
    const limits = { connections: 1, connectTimeoutMs: 500, answerTimeoutMs: 500 }
    return { db, direct: both[0], proxy, far: await openOne(t, { ...options, ...limits, url: url.href }) }
  }

  const openText = async (t: Scope, options: MysqlOptions) => {
    const opened = await openMysqlChatLog<Bodies & { body: string }>(options)
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

  test('an insert whose answer is lost rejects; repeated it is there once, and is told that it exists', async (t) => {
    const { db, direct, proxy, far } = await openBehindProxy(t)
    await far.check()
    const passed = proxy.pauseAfter(1)
    const appending = far.log.append(document(1, 'a'))
    await passed
    // It has reached the server, which carries it out; the answer is held back, and the connection is lost with it.
    await eventually(async () => assert.equal((await direct.log.read(1, 1, 1)).length, 1))
    proxy.cut()
    await assert.rejects(appending, { code: 'STORAGE_UNCERTAIN' })
    await assert.rejects(far.log.append(document(1, 'a')), { code: 'STORAGE_UNAVAILABLE' })
    proxy.mend()
    assert.equal(await far.log.append(document(1, 'a')), 'exists')
    assert.deepEqual(await far.log.read(1, 1, 10), [document(1, 'a')])
    assert.equal((await db.selectFrom('log').select('n').execute()).length, 1)
  })

  test('a server that is silent is given up, and what it says is not taken for an outcome', async (t) => {
    const { proxy, far } = await openBehindProxy(t)
    await far.check()
    proxy.pause()
    await assert.rejects(far.log.append(document(1, 'a')), { code: 'STORAGE_UNCERTAIN' })
    await assert.rejects(far.log.read(1, 1, 1), { code: 'STORAGE_UNAVAILABLE' })
    await assert.rejects(far.check(), { code: /^STORAGE_/ })
    proxy.mend()
    await far.check()
  })

  test('a lease whose answer is lost may be written; repeated it is refused, and the next version goes on', async (t) => {
    const { direct, proxy, far } = await openBehindProxy(t)
    const lease = { p: 1, holder: 'a#1', next: null, term: 1, floor: 5, version: 1 }
    await far.check()
    const passed = proxy.pauseAfter(1)
    const writing = far.coordination.write(lease)
    await passed
    await eventually(async () => assert.equal((await direct.coordination.read()).leases.length, 1))
    proxy.cut()
    await assert.rejects(writing, { code: 'STORAGE_UNCERTAIN' })
    proxy.mend()
    assert.equal(await far.coordination.write(lease), false)
    assert.equal(await far.coordination.write({ ...lease, version: 2 }), true)
  })

  test('bodies come back as they were: four bytes a character, quotes, half of a pair, large numbers', async (t) => {
    const { both } = await openTwo(t)
    const bodies = [
      '👩‍👩‍👧‍👦 𠮷 김치',
      `' " \\ \\' ; -- ? :x \0 \n \u2028 \x1a`,
      '\ud83d',
      { microseconds: Number.MAX_SAFE_INTEGER, beyond: 2 ** 53 + 2, large: 1e300, small: 5e-324, none: null },
    ]
    assert.equal(await both[0].log.append(document(1, "b'y 👍🏽", bodies)), 'appended')
    assert.deepEqual(await both[1].log.read(1, 1, 1), [document(1, "b'y 👍🏽", bodies)])
  })

  test('places and times are right up to 2^53 - 1, and refused beyond', async (t) => {
    const { both } = await openTwo(t)
    const [{ log, coordination, cursors }] = both
    const last = Number.MAX_SAFE_INTEGER
    const largest = { ...document(1, 'a'), n: last, term: last, at: last }
    assert.equal(await log.append(largest), 'appended')
    assert.deepEqual(await log.read(1, last, 1), [largest])
    for (const beyond of [{ n: 2 ** 53 }, { term: 2 ** 53 }, { at: 2 ** 53 + 2 }, { at: 1.5 }])
      await assert.rejects(log.append({ ...document(2, 'a'), ...beyond }), RangeError)
    const lease = { p: 1, holder: 'a#1', next: null, term: last, floor: last, version: 1 }
    await assert.rejects(coordination.write({ ...lease, floor: 2 ** 53 }), RangeError)
    assert.equal(await coordination.write(lease), true)
    assert.deepEqual((await both[1].coordination.read()).leases, [lease])
    await assert.rejects(cursors.advance(1, 2 ** 53), RangeError)
    await cursors.advance(1, last)
    assert.equal(await both[1].cursors.read(1), last)
  })

  test('a read ends before a hole', async (t) => {
    const { both } = await openTwo(t)
    for (const n of [1, 2, 4]) await both[0].log.append(document(n, 'a'))
    const places = async (from: number) => (await both[1].log.read(1, from, 10)).map(({ n }) => n)
    assert.deepEqual(await places(1), [1, 2])
    assert.deepEqual(await places(3), [])
    assert.deepEqual(await places(4), [4])
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

  test('a process is found where it says that it is, from its first beat until it leaves', async (t) => {
    const { options, both } = await openTwo(t)
    let address: string | undefined
    const far = await openMysqlChat({ ...options, partitions: 4, ownAddress: () => address })
    t.after(() => far.close())
    await far.coordination.beat({ node: 'c#1', beat: 1 })
    assert.equal(await both[0].coordination.addressOf('c#1'), undefined)
    address = 'http://10.0.0.3:9002'
    await far.coordination.beat({ node: 'c#1', beat: 2 })
    assert.equal(await both[0].coordination.addressOf('c#1'), address)
    await far.coordination.leave('c#1')
    assert.equal(await both[1].coordination.addressOf('c#1'), undefined)
  })
})
