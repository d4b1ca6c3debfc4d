import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectMongodb } from './connect.ts'
import { onEachMongodb, temporaryMongodb } from './temporary.fixture.ts'

onEachMongodb('what an answer of a database means', (engine) => {
  test('is the same whatever its URL says', async (t) => {
    const { url, ...options } = await temporaryMongodb(t, engine)
    const careless = new URL(url)
    const said = { w: '1', journal: 'false', readConcernLevel: 'local', readPreference: 'nearest', retryWrites: 'true' }
    for (const [name, value] of Object.entries(said)) careless.searchParams.set(name, value)
    if (careless.pathname === '') careless.pathname = '/'
    const { db, close } = await connectMongodb({ ...options, url: careless.href })
    t.after(close)
    const { writeConcern, readConcern, readPreference } = db.collection('any')
    assert.equal(writeConcern?.w, 'majority')
    assert.equal(writeConcern.j, true)
    assert.equal(readConcern?.level, 'majority')
    assert.equal(readPreference?.mode, 'primary')
    assert.deepEqual([db.client.options.retryWrites, db.client.options.retryReads], [false, false])
  })
})
