import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { eventually, startProxy } from '@bigtech/testkit'
import { connectMongodb } from './connect.ts'
import { reading, writing, writingEach } from './errors.ts'
import { collection } from './schema.ts'
import { onEachMongodb, temporaryMongodb } from './temporary.fixture.ts'

const rooms = (...ids: readonly number[]) => ids.map((_id) => ({ _id, rev: 1 }))

onEachMongodb('changes of several documents', (engine) => {
  const open = async (t: TestContext) => {
    const options = await temporaryMongodb(t, engine)
    const url = new URL(options.url)
    const proxy = await startProxy({ host: url.hostname, port: Number(url.port || 27_017) })
    t.after(() => proxy.close())
    url.host = `127.0.0.1:${proxy.port}`
    url.searchParams.delete('replicaSet')
    url.searchParams.set('directConnection', 'true')
    const limits = { connections: 1, connectTimeoutMs: 500, answerTimeoutMs: 500 }
    const [near, far] = [await connectMongodb(options), await connectMongodb({ ...options, ...limits, url: url.href })]
    t.after(() => Promise.all([near.close(), far.close()]))
    return { proxy, near: collection(near.db, 'search_rooms'), far: collection(far.db, 'search_rooms') }
  }
  const insert = (to: Awaited<ReturnType<typeof open>>['far'], ...ids: readonly number[]) =>
    writingEach(() => to.insertMany(rooms(...ids), { ordered: false }))
  const update = (to: Awaited<ReturnType<typeof open>>['far'], rev: number) =>
    writingEach(() =>
      to.bulkWrite([{ updateOne: { filter: { _id: 1 }, update: { $set: { rev } } } }], { ordered: false }),
    )

  test('keys that are taken are told by their places, and the others are there', async (t) => {
    const { near, far } = await open(t)
    assert.deepEqual(await insert(far, 1, 2), [])
    assert.deepEqual(await insert(far, 3, 1, 4, 2), [1, 3])
    assert.equal((await near.find().toArray()).length, 4)
  })

  test('those whose answer is lost, or that were never sent, are not taken for done', async (t) => {
    const { proxy, near, far } = await open(t)
    await insert(far, 1)
    const passed = proxy.pauseAfter(1)
    const inserting = insert(far, 2)
    inserting.catch(() => undefined)
    await passed
    await eventually(async () => assert.ok(await near.findOne({ _id: 2 })))
    proxy.cut()
    await assert.rejects(inserting, { code: 'STORAGE_UNCERTAIN' })
    await assert.rejects(insert(far, 3), { code: /^STORAGE_/ })
    await assert.rejects(update(far, 2), { code: /^STORAGE_/ })
    await assert.rejects(
      writing(() => far.deleteMany({})),
      { code: /^STORAGE_/ },
    )
    proxy.mend()
    await eventually(() => update(far, 3))
    proxy.pause()
    await assert.rejects(update(far, 4), { code: 'STORAGE_UNCERTAIN' })
    proxy.mend()
    assert.deepEqual((await near.find().toArray()).length, 2)
  })
})

test('whose fault an error is: outages are told apart by what the server may have done', async () => {
  const codes: readonly (readonly [error: object, read: string, change: string])[] = [
    [{ name: 'MongoServerSelectionError' }, 'STORAGE_UNAVAILABLE', 'STORAGE_UNAVAILABLE'],
    [{ name: 'MongoNetworkError', beforeHandshake: true }, 'STORAGE_UNAVAILABLE', 'STORAGE_UNAVAILABLE'],
    [{ name: 'MongoServerError', code: 10_107 }, 'STORAGE_UNAVAILABLE', 'STORAGE_UNAVAILABLE'],
    [{ name: 'MongoNetworkError' }, 'STORAGE_UNAVAILABLE', 'STORAGE_UNCERTAIN'],
    [{ code: 'ECONNRESET' }, 'STORAGE_UNAVAILABLE', 'STORAGE_UNCERTAIN'],
    [{ name: 'MongoServerError', code: 11_602 }, 'STORAGE_UNAVAILABLE', 'STORAGE_UNCERTAIN'],
    [{ name: 'MongoWriteConcernError', code: 64 }, 'STORAGE_UNAVAILABLE', 'STORAGE_UNCERTAIN'],
    [
      { name: 'MongoBulkWriteError', writeErrors: [], errorResponse: Object.assign(new Error('x'), { code: 'EPIPE' }) },
      'STORAGE_UNAVAILABLE',
      'STORAGE_UNCERTAIN',
    ],
  ]
  for (const [values, read, change] of codes) {
    const fail = () => Promise.reject(Object.assign(new Error('of the driver'), values))
    await assert.rejects(reading(fail), { code: read }, JSON.stringify(values))
    for (const each of [writing, writingEach])
      await assert.rejects(each(fail), { code: change }, JSON.stringify(values))
  }
  const mistake = new TypeError('a mistake of this program')
  for (const each of [reading, writing, writingEach])
    await assert.rejects(
      each(() => Promise.reject(mistake)),
      mistake,
    )
})
