import assert from 'node:assert/strict'
import { join } from 'node:path'
import { suite, test, type TestContext } from 'node:test'
import { createTokenVerifier, TOKEN_AUDIENCE, TOKEN_ISSUER } from '@bigtech/http'
import { connectMysql, openThreadedDatabase, type Kysely, type Migration } from '@bigtech/sql'
import { mysqlEngine, temporaryMysql } from '@bigtech/sql/testing'
import { createTestClock, tempDir } from '@bigtech/testkit'
import { createAccessTokens } from '../jwt/access-tokens.ts'
import { createSigningKeysTable, createSqlSigningKeys, WrongKeySecret, type SigningKeyTables } from './signing-keys.ts'

type Db = Kysely<SigningKeyTables>
const migrations: Record<string, Migration> = { '0001_keys': { up: createSigningKeysTable } }
const secret = 'a secret of at least 32 characters'

/** @param open connections of two processes to one database */
function signingKeysSuite(open: (t: TestContext) => Promise<readonly [Db, Db]>): void {
  const start = async (t: TestContext) => {
    const [here, there] = await open(t)
    const clock = createTestClock()
    const process = (db: Db) => createSqlSigningKeys(db, { secret, clock })
    const sign = (keys: Awaited<ReturnType<typeof process>>) =>
      createAccessTokens(keys, { issuer: TOKEN_ISSUER, audience: TOKEN_AUDIENCE }).issue({
        user_id: 7,
        session_id: 's',
        role: 'user',
      }).token
    const verifies = async (keys: { jwks(): unknown }, token: string) =>
      (await createTokenVerifier({ jwks: async () => keys.jwks() as never }).verify(token)).user_id === 7
    return { here, there, clock, process, sign, verifies }
  }

  test('processes that start together have one key, and each verifies what the other signs', async (t) => {
    const { here, there, process, sign, verifies } = await start(t)
    const all = await Promise.all([here, there, here, there].map(process))
    assert.equal(new Set(all.map((keys) => keys.current().kid)).size, 1)
    assert.equal(await verifies(all[1]!, sign(all[0]!)), true)
  })

  test('a rotation is known everywhere before its key signs; old tokens go on, the old private key does not', async (t) => {
    const { here, there, clock, process, sign, verifies } = await start(t)
    const [a, b] = [await process(here), await process(there)]
    const before = sign(a)
    const oldKid = a.current().kid
    await a.rotate()
    assert.equal(a.current().kid, oldKid, 'not at once')
    await b.refresh()
    assert.equal(b.jwks().keys.length, 2)
    clock.advance(60_000)
    assert.notEqual(a.current().kid, oldKid)
    assert.equal(a.current().kid, b.current().kid)
    for (const token of [before, sign(b)]) assert.equal(await verifies(a, token), true)
    clock.advance(60_000)
    await b.refresh()
    const rows = await here.selectFrom('signing_keys').select(['kid', 'sealed']).orderBy('generation').execute()
    assert.deepEqual(
      rows.map(({ kid, sealed }) => [kid === oldKid, sealed === null]),
      [
        [true, true],
        [false, false],
      ],
    )
    assert.equal(await verifies(b, before), true)
    clock.advance(25 * 3_600_000)
    await b.refresh()
    assert.equal(b.jwks().keys.length, 1)
  })

  test('of two rotations at once one counts', async (t) => {
    const { here, there, process } = await start(t)
    const [a, b] = [await process(here), await process(there)]
    await Promise.all([a.rotate(), b.rotate()])
    await a.refresh()
    assert.equal(a.jwks().keys.length, 2)
  })

  test('the database alone signs nothing, and another secret is told', async (t) => {
    const { here, process } = await start(t)
    const { privateKeyPem } = (await process(here)).current()
    const dump = JSON.stringify(await here.selectFrom('signing_keys').selectAll().execute())
    assert.doesNotMatch(dump, /PRIVATE/)
    assert.ok(!dump.includes(privateKeyPem.split('\n')[1]!))
    await assert.rejects(
      createSqlSigningKeys(here, { secret: 'another secret of 32 characters .....' }),
      WrongKeySecret,
    )
  })
}

suite('signing keys: SQLite', () => {
  signingKeysSuite(async (t) => {
    const db = await openThreadedDatabase<SigningKeyTables>(join(tempDir(t), 'test.db'), 'test', migrations)
    t.after(() => db.destroy())
    return [db, db]
  })
})

suite('signing keys: MariaDB', { skip: mysqlEngine.skip }, () => {
  if (mysqlEngine.skip) return
  signingKeysSuite(async (t) => {
    const { db, options } = await temporaryMysql<SigningKeyTables>(t, migrations)
    const other = await connectMysql<SigningKeyTables>(options)
    t.after(() => other.destroy())
    return [db, other]
  })
})
