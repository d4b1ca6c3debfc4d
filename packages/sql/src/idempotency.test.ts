import { join } from 'node:path'
import { suite } from 'node:test'
import { tempDir } from '@bigtech/testkit'
import { idempotencyContract } from './idempotency.contract.ts'
import { openIdempotencyStore, openMysqlIdempotencyStore } from './idempotency.ts'
import { mysqlEngine, temporaryMysql } from './mysql/temporary.fixture.ts'

idempotencyContract('SQLite', async (t) => {
  const store = await openIdempotencyStore(join(tempDir(t), 'idempotency.db'))
  t.after(() => store.close())
  return [store]
})

suite('MySQL', { skip: mysqlEngine.skip }, () => {
  idempotencyContract('MySQL, two pools', async (t) => {
    const { options } = await temporaryMysql(t, {})
    const stores = [await openMysqlIdempotencyStore(options), await openMysqlIdempotencyStore(options)]
    t.after(() => Promise.all(stores.map((store) => store.close())))
    return stores
  })
})
