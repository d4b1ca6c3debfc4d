import assert from 'node:assert/strict'
import { suite, test, type TestContext } from 'node:test'
import { mysqlEngine, temporaryMysql } from '@bigtech/sql/testing'
import { createUser } from '../../access/change-user.ts'
import { decideRegister } from '../../domain/decide-user.ts'
import { imageUrlUnder } from '../../domain/public-events.ts'
import { idMarkContract } from '../id-mark.contract.ts'
import { openMysqlIdMark } from './id-mark.ts'
import { openMysqlUserDatabase, type MysqlUserDatabase } from './open.ts'

async function openMark(t: TestContext) {
  const { options } = await temporaryMysql(t, {})
  return async () => {
    const mark = await openMysqlIdMark({ ...options, connections: 2 })
    t.after(() => mark.close())
    return mark
  }
}

const register = ({ store }: MysqlUserDatabase, username: string) =>
  store.transaction((tx) =>
    createUser(
      tx,
      { clock: { now: () => 1 }, imageUrl: imageUrlUnder('/api') },
      decideRegister({ email: `${username}@example.com`, username }),
    ),
  )

suite('the mark of user ids on MySQL', { skip: mysqlEngine.skip }, () => {
  idMarkContract('MySQL', openMark)

  test('is never lowered by a process that knows less', async (t) => {
    const start = await openMark(t)
    const marks = await Promise.all([start(), start(), start()])
    const ids = Array.from({ length: 60 }, (_, n) => n + 1)
    await Promise.all(ids.map((id) => marks[id % 3]!.raise(id)))
    await marks[0].raise(50)
    assert.equal((await start()).current(), 60)
  })

  test('no id is given twice, though the database of the accounts is lost', async (t) => {
    const start = await openMark(t)
    const open = async () => {
      const { options } = await temporaryMysql(t, {})
      const mark = await start()
      const database = await openMysqlUserDatabase(options, mark.current())
      t.after(() => database.close())
      return { mark, database }
    }
    const first = await open()
    const { id: alice } = await register(first.database, 'alice')
    await first.mark.raise(alice)
    // The next one begins with an empty database.
    const second = await open()
    const { id: bob } = await register(second.database, 'bob')
    assert.ok(bob > alice, `${bob} after ${alice}`)
  })
})
