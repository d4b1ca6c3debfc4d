import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { promisify } from 'node:util'
import { eventually, tempDir } from '@bigtech/testkit'
import { SERVICE_ROLES } from '@bigtech/server/roles'
import { createConnection } from 'mysql2/promise'
import { distributedEnv, startDistributed } from '../support/distributed-server.ts'
import { noEngines } from '../support/engines.ts'
import { call, MAIN, ok, openDirect, register, testEnv } from '../support/index.ts'

const skip = noEngines()

const ADMIN = join(MAIN, '../admin.ts')
const LOGIN = { email: 'operator@example.com', password: 'Test1234!@' }

const admin = (env: Record<string, string>, ...args: string[]) =>
  promisify(execFile)(process.execPath, [ADMIN, ...args], { env, timeout: 30_000 })
const createAdmin = (env: Record<string, string>) =>
  admin(env, 'create-admin', '--email', LOGIN.email, '--username', 'operator', '--password', LOGIN.password)

describe('npm run admin on the distributed profile', { skip }, () => {
  it('makes an administrator while all services run, with no more than what user-service needs', async (t) => {
    const env: Record<string, string> = { ...testEnv(tempDir(t)), ...distributedEnv() }
    const { urls } = await startDistributed(t, env)
    assert.match((await createAdmin(env)).stdout, /now an administrator \(user 1, new account\)/)
    assert.match((await createAdmin(env)).stdout, /now an administrator \(user 1, existing account\)/)
    const error = await createAdmin({ ...env, SIGNING_KEY_SECRET: 'z'.repeat(40) }).catch((reason: Error) => reason)
    assert.match(
      (error as { stderr: string }).stderr,
      /^The signing keys .* SIGNING_KEY_SECRET is not the one [^\n]*\n$/,
    )

    const api = `${urls.gateway}/api`
    const { access_token: token } = await ok<{ access_token: string }>(
      call('POST', `${api}/auth/login/json`, { body: LOGIN }),
    )
    assert.equal((await call('GET', `${api}/ops/topics`, { token })).status, 200)
    assert.equal((await ok<{ role: string }>(call('GET', `${api}/profile/me`, { token }))).role, 'admin')
  })

  it('says in a line each what is missing', async () => {
    const { MYSQL_URL: _none, SIGNING_KEY_SECRET: _nor, ...env } = distributedEnv()
    const error = await createAdmin(env).then(
      () => assert.fail('it worked'),
      (reason: { code: number; stderr: string }) => reason,
    )
    assert.equal(error.code, 1)
    assert.match(error.stderr, /MYSQL_URL is not set; role user needs it/)
    assert.match(error.stderr, /SIGNING_KEY_SECRET is not set; role user needs it/)
    assert.doesNotMatch(error.stderr, /^\s+at /m)
  })
})

describe('npm run admin -- migrate', { skip }, () => {
  it('makes every database before a process starts, twice at once too, and leaves nothing to one that comes after', async (t) => {
    const env: Record<string, string> = { ...testEnv(tempDir(t)), ...distributedEnv() }
    for (const { stdout } of await Promise.all([admin(env, 'migrate'), admin(env, 'migrate')]))
      assert.equal(stdout, 'All databases have the schema of this version.\n')
    const db = await createConnection({ uri: env['MYSQL_URL']! })
    t.after(() => db.end())
    const ours = `bigtech_${env['INSTALLATION']}_`
    const migrations = async () => {
      const found =
        'SELECT table_schema AS db FROM information_schema.tables WHERE table_name = ? AND table_schema LIKE ?'
      const [rows] = await db.query(found, ['kysely_migration', `${ours}%`])
      const of = async ({ db: name }: { db: string }) => {
        const [ran] = await db.query('SELECT name, timestamp FROM ?? ORDER BY name', [`${name}.kysely_migration`])
        return [name.replace(ours, ''), ran] as const
      }
      return Object.fromEntries(await Promise.all((rows as { db: string }[]).map(of)))
    }
    const before = await migrations()
    for (const role of SERVICE_ROLES)
      if (role !== 'analytics') assert.ok((before[`${role}_service`] as unknown[]).length > 0, role)
    const { urls } = await startDistributed(t, env)
    await register(urls, '민지')
    assert.deepEqual(await migrations(), before)
  })

  it('makes those of a data folder', async (t) => {
    const env = testEnv(tempDir(t))
    assert.match((await admin(env, 'migrate')).stdout, /^All databases have the schema of this version\.$/m)
    for (const name of ['user', 'friend', 'chat', 'notification', 'ai'])
      assert.ok(existsSync(join(env['DATA_DIR']!, `${name}.db`)), name)
  })
})

describe('npm run admin -- rebuild-projections', { skip }, () => {
  const rebuild = (env: Record<string, string>, ...args: string[]) => admin(env, 'rebuild-projections', ...args)
  const refusal = async (env: Record<string, string>, ...args: string[]) => {
    const error = await rebuild(env, ...args).then(
      () => assert.fail('it worked'),
      (reason: { code: number; stderr: string; stdout: string }) => reason,
    )
    assert.equal(error.code, 1)
    assert.doesNotMatch(error.stderr, /^\s+at /m)
    return error
  }

  const skip = process.env['TEST_MESSAGE_STORE'] === 'mongodb' && 'it damages messages and the log in MySQL'
  it(
    'makes damaged tables as they were while owners run, and leaves alone what cannot be made anew',
    { skip },
    async (t) => {
      const env: Record<string, string> = { ...testEnv(tempDir(t)), ...distributedEnv(), CHAT_PARTITIONS: '3' }
      const { urls } = await startDistributed(t, env)
      const [minji, haru] = [await register(urls, '민지'), await register(urls, '하루')]
      const room = await openDirect(minji, haru)
      for (const text of ['점심 먹자', '좋아', '몇 시?']) await minji.say(room.id, text)
      const p = room.id % 3
      const db = await createConnection({
        uri: env['MYSQL_URL']!,
        database: `bigtech_${env['INSTALLATION']}_chat_service`,
      })
      t.after(() => db.end())
      const messages = async () =>
        (await db.query('SELECT * FROM messages WHERE room_id = ? ORDER BY seq', [room.id]))[0]
      const [before, history] = [await messages(), await haru.history(room.id)]
      const damage = async () => {
        await db.query("UPDATE messages SET content = '저녁 먹자' WHERE room_id = ? AND seq = 1", [room.id])
        await db.query('DELETE FROM messages WHERE room_id = ? AND seq = 2', [room.id])
        assert.notDeepEqual(await messages(), before)
      }

      await damage()
      const { stdout } = await rebuild(env, '--partition', String(p))
      assert.match(stdout, new RegExp(`^Partition ${p}: made anew from \\d+ documents in [\\d.]+ s\\.$`, 'm'))
      assert.deepEqual(await messages(), before)
      assert.deepEqual(await haru.history(room.id), history)
      await minji.say(room.id, '열두 시')
      const { items } = await haru.history(room.id)
      assert.ok(
        items.some(({ content }) => content === '열두 시'),
        'its owner goes on',
      )

      // A log whose beginning is gone: its tables are all that is left of it.
      const other = (p + 1) % 3
      await db.query('DELETE FROM log WHERE p = ? AND n = 1', [other])
      await damage()
      const { stderr, stdout: done } = await refusal(env, '--partition', 'all')
      assert.match(stderr, new RegExp(`^Partition ${other}: nothing was changed; .*does not begin with its first`, 'm'))
      assert.match(stderr, new RegExp(`^Not made anew: ${other}\\.`, 'm'))
      assert.equal(done.match(/made anew from/g)?.length, 2)
      assert.deepEqual(((await messages()) as object[]).slice(0, 3), before)
    },
  )

  it('says in a line what is wrong', async () => {
    const env = distributedEnv()
    assert.match((await refusal({}, '--partition', 'all')).stderr, /^There is nothing to rebuild: PROFILE=distributed /)
    for (const asked of ['10', '-1', 'x', '1.5'])
      assert.match((await refusal(env, `--partition=${asked}`)).stderr, /^There is no partition .*; they are 0 to 9 /)
    assert.match((await refusal(env)).stderr, /^rebuild-projections needs --partition.* they are 0 to 9 /)
    const { MYSQL_URL: _none, ...without } = env
    assert.match((await refusal(without, '--partition', '0')).stderr, /MYSQL_URL is not set; role chat needs it/)
  })
})

describe('npm run admin -- republish', { skip }, () => {
  it('tells the events since a time once more, and nobody is told twice', async (t) => {
    const env: Record<string, string> = { ...testEnv(tempDir(t)), ...distributedEnv(), CHAT_PARTITIONS: '3' }
    const { urls, server } = await startDistributed(t, env)
    const [minji, haru] = [await register(urls, '민지'), await register(urls, '하루')]
    const room = await openDirect(minji, haru)
    const told = async (topic: string, type: string) => {
      const { admin } = server.profile.bus
      const { partitions } = (await admin.topics()).find(({ name }) => name === topic)!
      const records = await Promise.all(
        partitions.map(({ partition }) => admin.read({ topic, partition, offset: 0, limit: 1_000 })),
      )
      return records.flat().filter(({ value }) => value['event_type'] === type)
    }
    const sent = () => told('message.events', 'MessageSent')
    const renamed = async () =>
      (await told('user.events', 'UserProfileUpdated')).map(({ value, headers }) => [
        value['display_name'],
        value['event_id'],
        headers['told-again'] === 'true',
      ])
    const contents = async () => (await sent()).map(({ value }) => String(value['content']))
    await minji.say(room.id, '점심 먹자')
    await eventually(async () => assert.deepEqual(await contents(), ['점심 먹자']))
    const since = new Date().toISOString()
    await minji.say(room.id, '좋아')
    for (const display_name of ['하루살이', '하루치']) await haru.patch('/profile/me', { display_name })
    await eventually(async () => {
      assert.deepEqual(await contents(), ['점심 먹자', '좋아'])
      assert.equal((await renamed()).length, 2)
    })

    const { stdout } = await admin(env, 'republish', '--since', since)
    assert.match(stdout, /^user-service: 2 events\.$/m)
    assert.match(stdout, /^friend-service: 0 events\.$/m)
    assert.doesNotMatch(stdout, /kept no more/)
    assert.match(stdout, new RegExp(`^3 events since ${since} were told once more\\.$`, 'm'))
    const names = await renamed()
    assert.deepEqual(
      names.map(([name, , again]) => [name, again]),
      [
        ['하루살이', false],
        ['하루치', false],
        ['하루살이', true],
        ['하루치', true],
      ],
    )
    assert.deepEqual([names[2]![1], names[3]![1]], [names[0]![1], names[1]![1]], 'the same events')
    await eventually(async () => assert.equal((await minji.room(room.id)).name, '하루치'))
    assert.deepEqual(await contents(), ['점심 먹자', '좋아', '좋아'])
    const ids = (await sent()).map(({ value }) => value['event_id'])
    assert.equal(ids[2], ids[1], 'the same event')
    const all = await admin(env, 'republish', '--since', '2020-01-01T00:00:00Z')
    assert.doesNotMatch(all.stdout, /Of partition/)
    assert.match(
      all.stdout,
      /^The services keep their events for 7 days: what they told before 2\d{3}-\S+Z is kept no more\.$/m,
    )
    assert.equal(new Set((await sent()).map(({ value }) => value['event_id'])).size, 2)
    // Whoever counts messages has each once, however often it was told.
    assert.equal((await haru.room(room.id)).unread_count, 2)
  })

  it('says in a line what is wrong', async () => {
    const refused = async (env: Record<string, string>, ...args: string[]) =>
      ((await admin(env, 'republish', ...args).catch((error: Error) => error)) as { stderr: string }).stderr
    assert.match(await refused({}, '--since', '2026-01-01T00:00:00Z'), /^There is nothing to republish: .*\n$/)
    const env = distributedEnv()
    for (const since of ['yesterday', '2026-01-01', '2999-01-01T00:00:00Z'])
      assert.match(await refused(env, '--since', since), /^republish needs --since, a time .* Given: ".*"\.\n$/)
    assert.match(await refused(env), /^republish needs --since, a time .*00Z\.\n$/)
  })
})

describe('npm run admin -- config', () => {
  it('prints the settings of both profiles', async () => {
    const { stdout } = await admin({}, 'config')
    for (const name of ['DATA_DIR', 'GATEWAY_PORT', 'ROLES', 'MYSQL_URL', 'S3_BUCKET', 'CHAT_SERVICE_INTERNAL_URLS'])
      assert.match(stdout, new RegExp(`^(# ?)?${name}=`, 'm'), name)
  })
})
