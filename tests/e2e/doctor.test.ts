import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { freePort, spawnProgram } from '@bigtech/testkit'
import { MAIN, spawnServer, testEnv } from '../support/index.ts'
import { createAdmin, dataDir } from '../support/process-world.ts'

/** `npm run doctor` */
async function doctor(t: TestContext, dir: string, env: Record<string, string> = {}) {
  const program = await spawnProgram(t, { file: join(MAIN, '../doctor.ts'), env: { ...testEnv(dir), ...env } })
  const { code } = await program.exited
  return { code, said: program.output() }
}

describe('npm run doctor', () => {
  it('finds nothing wrong with a server that runs, and says that it does', async (t) => {
    const dir = dataDir(t)
    const port = `${await freePort()}`
    await createAdmin(t, dir)
    await spawnServer(t, { DATA_DIR: dir, GATEWAY_PORT: port })
    const { code, said } = await doctor(t, dir, { GATEWAY_PORT: port })
    assert.equal(code, 0, said)
    assert.match(said, new RegExp(`✔ GATEWAY_PORT +${port}: .+ runs`))
    for (const name of ['user.db', 'chat.db', 'events.db']) assert.match(said, new RegExp(`✔ ${name} +[\\d.]+ MB`))
  })

  it('names a port that another program has, and each database that is missing or damaged', async (t) => {
    const dir = dataDir(t)
    await createAdmin(t, dir)
    const other = createServer((socket) => socket.destroy())
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    t.after(() => other.close())
    const { port } = other.address() as AddressInfo
    rmSync(join(dir, 'friend.db'))
    const missing = await doctor(t, dir, { GATEWAY_PORT: `${port}` })
    assert.equal(missing.code, 1)
    assert.match(missing.said, new RegExp(`✖ GATEWAY_PORT +${port} is taken by another program`))
    assert.match(missing.said, /✖ data +friend\.db is missing\n +→ restore the folder/)
    assert.match(missing.said, /2 must be mended/)

    const damaged = dataDir(t)
    await createAdmin(t, damaged)
    writeFileSync(join(damaged, 'chat.db'), 'no database at all, and long enough to be looked at')
    chmodSync(damaged, 0o755)
    const { said } = await doctor(t, damaged)
    assert.match(said, /✖ chat\.db +cannot be read: /)
    assert.match(said, /! permissions +others of this machine may look into DATA_DIR/)
  })

  it('tells every setting that is wrong, engines that nobody answers for, and what is open to a network', async (t) => {
    const dir = dataDir(t)
    const wrong = await doctor(t, dir, { GATEWAY_PORT: 'eighty', LOG_LEVEL: 'loud' })
    assert.equal(wrong.code, 1)
    assert.match(wrong.said, /✖ settings +.*GATEWAY_PORT/)
    assert.match(wrong.said, /✖ settings +.*LOG_LEVEL/)
    const closed = await freePort()
    const open = await doctor(t, dir, { HOST: '0.0.0.0', SMTP_URL: `smtp://127.0.0.1:${closed}` })
    assert.match(open.said, new RegExp(`✖ SMTP_URL +127\\.0\\.0\\.1:${closed}: .*ECONNREFUSED`))
    assert.match(open.said, /! HOST +0\.0\.0\.0: passwords and messages pass the network unencrypted/)
    const file = await doctor(t, join(MAIN), { CARE_WHISPER_MODEL: MAIN })
    assert.equal(file.code, 1)
    assert.match(file.said, /✖ data +.*main\.ts is no folder/)
    assert.match(
      (await doctor(t, dir, { CARE_WHISPER_MODEL: MAIN })).said,
      /! speech +CARE_WHISPER_MODEL .*main\.ts is no model/,
    )
    const engines = await doctor(t, dir, {
      PROFILE: 'distributed',
      SERVICE_SECRET: 'x'.repeat(32),
      SIGNING_KEY_SECRET: 'x'.repeat(32),
      MYSQL_URL: `mysql://u:p@127.0.0.1:${closed}`,
      REDIS_URL: `redis://127.0.0.1:${closed}`,
      KAFKA_BROKERS: `127.0.0.1:${closed},127.0.0.1:${closed}`,
      INSTALLATION: 'test',
    })
    assert.equal(engines.code, 1)
    for (const name of ['MYSQL_URL', 'REDIS_URL', 'KAFKA_BROKERS'])
      assert.match(engines.said, new RegExp(`✖ ${name} +127`))
    assert.ok(!engines.said.includes('u:p'), 'no password')
  })

  it('is quiet about a folder that the first start will make', async (t) => {
    const dir = join(dataDir(t), 'new', 'data')
    mkdirSync(join(dir, '../..'), { recursive: true })
    const { code, said } = await doctor(t, dir)
    assert.equal(code, 0, said)
    assert.match(said, /· data +.* has none yet; the first start makes it/)
  })
})
