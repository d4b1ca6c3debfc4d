import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { eventually, tempDir } from '@bigtech/testkit'
import { Kafka, logLevel } from 'kafkajs'
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise'
import { noEngines } from '../support/engines.ts'
import { befriend, call, openDirect, PASSWORD, register, registerAll, signIn, testEnv } from '../support/index.ts'

const skip = noEngines()
const WELL_MS = 30_000

async function open(t: TestContext) {
  const { distributedEnv, startDistributed } = await import('../support/distributed-server.ts')
  const env = { ...testEnv(tempDir(t)), ...distributedEnv() }
  const installation = env['INSTALLATION']!
  return { ...(await startDistributed(t, env)), installation, startAgain: () => startDistributed(t, env) }
}

/** Brokers that came back with empty disks. */
async function loseTopics(installation: string): Promise<void> {
  const brokers = process.env['KAFKA_BROKERS']!.split(',')
  const admin = new Kafka({ clientId: 'tests', brokers, logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  const topics = (await admin.listTopics()).filter((name) => name.startsWith(`${installation}.`))
  assert.ok(topics.length > 5)
  await admin.deleteTopics({ topics })
  await admin.disconnect()
}

/** A copy of databases as they are, within the server; `restore` puts them back as a dump would: also what is counted. */
async function backUp(connection: Connection, databases: readonly string[]) {
  const tables: { database: string; copy: string; name: string; create: string; columns: string[] }[] = []
  for (const database of databases) {
    const copy = `${database}_copy`
    await connection.query(`CREATE DATABASE \`${copy}\``)
    const [rows] = await connection.query<RowDataPacket[]>(
      "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ? AND table_type = 'BASE TABLE'",
      [database],
    )
    for (const { name } of rows) {
      const [[made]] = await connection.query<RowDataPacket[]>(`SHOW CREATE TABLE \`${database}\`.\`${name}\``)
      await connection.query(`CREATE TABLE \`${copy}\`.\`${name}\` AS SELECT * FROM \`${database}\`.\`${name}\``)
      const [stored] = await connection.query<RowDataPacket[]>(
        "SELECT column_name AS name FROM information_schema.columns WHERE table_schema = ? AND table_name = ? AND extra NOT LIKE '%GENERATED%'",
        [database, name],
      )
      const columns = stored.map(({ name: column }) => String(column))
      tables.push({ database, copy, name: String(name), create: String(made!['Create Table']), columns })
    }
  }
  return {
    async restore() {
      await connection.query('SET foreign_key_checks = 0')
      for (const { database, copy, name, create, columns } of tables) {
        await connection.query(`USE \`${database}\``)
        await connection.query(`DROP TABLE \`${name}\``)
        await connection.query(create)
        await connection.query('INSERT INTO ?? (??) SELECT ?? FROM ??.??', [name, columns, columns, copy, name])
      }
      await connection.query('SET foreign_key_checks = 1')
    },
  }
}

describe('an engine whose data is lost', { skip }, () => {
  it('Kafka: topics are made anew without a restart, and what happens then reaches the other services', async (t) => {
    const { urls, installation } = await open(t)
    const [minsu, jiwoo] = await registerAll(urls, '민수', '지우')
    const room = await openDirect(minsu, jiwoo)
    await loseTopics(installation)
    assert.equal((await minsu.say(room.id, '들려요?')).content, '들려요?')
    await jiwoo.patch('/profile/me', { display_name: '지우개' })
    const seen = async () => (await minsu.room(room.id)).name
    await eventually(async () => assert.equal(await seen(), '지우개'), { timeoutMs: WELL_MS, everyMs: 200 })
    const nari = await register(urls, '나리')
    await befriend(minsu, nari)
    await eventually(async () => assert.equal((await openDirect(minsu, nari)).name, '나리'), { timeoutMs: WELL_MS })
  })

  it('MySQL, put back to an older copy: accounts as of then sign in, later ones are gone, and their ids stay theirs', async (t) => {
    const { urls: before, installation, stop, startAgain } = await open(t)
    const connection = await createConnection({ uri: process.env['MYSQL_URL']! })
    t.after(() => connection.end())
    const [minsu, jiwoo] = await registerAll(before, '민수', '지우')
    await befriend(minsu, jiwoo)
    const room = await openDirect(minsu, jiwoo)
    await minsu.say(room.id, '그 전')
    const names = ['user_service', 'friend_service', 'idempotency'].map((name) => `bigtech_${installation}_${name}`)
    const copy = await backUp(connection, names)

    const late = await register(before, '늦은이')
    await minsu.post('/friends/request', { target_user_id: late.id })
    const later = await openDirect(late, jiwoo)
    await late.say(later.id, '그 뒤')
    await minsu.say(room.id, '그 뒤에도')
    await stop()
    await copy.restore()
    const { urls } = await startAgain()

    const [again, other] = [await signIn(urls, minsu), await signIn(urls, jiwoo)]
    assert.deepEqual(
      (await again.history(room.id)).items.map(({ content }) => content),
      ['그 전', '그 뒤에도'],
    )
    assert.match((await again.call('GET', '/friends')).text, /지우/)
    const gone = await call('POST', `${urls.gateway}/api/auth/login/json`, {
      body: { email: late.email, password: PASSWORD },
    })
    assert.equal(gone.status, 401)
    assert.equal(
      (await other.history(later.id)).items.at(-1)!.content,
      '그 뒤',
      'chats are in a database that was not put back',
    )
    // The mark of ids was left as it was.
    const fresh = await register(urls, '새미')
    assert.ok(fresh.id > late.id, `${fresh.id} was the id of somebody else`)
  })

  it('MySQL with the chats, put back to an older copy: chats are as of then, streams from before load anew, and rooms go on', async (t) => {
    const { urls: before, installation, stop, startAgain } = await open(t)
    const connection = await createConnection({ uri: process.env['MYSQL_URL']! })
    t.after(() => connection.end())
    const [minsu, jiwoo] = await registerAll(before, '민수', '지우')
    const room = await openDirect(minsu, jiwoo)
    await minsu.say(room.id, '그 전')
    const names = ['user_service', 'friend_service', 'chat_service', 'idempotency'].map(
      (name) => `bigtech_${installation}_${name}`,
    )
    const copy = await backUp(connection, names)

    const stream = await jiwoo.sse(t)
    await minsu.say(room.id, '그 뒤')
    await stream.seen((frame) => frame.type === 'message' && frame.message?.content === '그 뒤')
    const token = stream.token()!
    await stop()
    await copy.restore()
    await connection.query('UPDATE ??.chat_store SET epoch = UUID()', [`bigtech_${installation}_chat_service`])
    const { urls } = await startAgain()

    const [again, other] = [await signIn(urls, minsu), await signIn(urls, jiwoo)]
    assert.deepEqual(
      (await other.history(room.id)).items.map(({ content }) => content),
      ['그 전'],
    )
    const resumed = await other.sse(t, token)
    const { room_id, reason } = (await resumed.seen('resync_required')) as unknown as Record<string, unknown>
    assert.deepEqual([room_id, reason], [null, 'unknown_token'])
    // The leases in the copy are of processes that are gone: they run out first.
    const body = { content: '다시', client_message_id: 'after-the-copy' }
    await eventually(
      async () => assert.equal((await again.call('POST', `/messages/${room.id}`, { body })).status, 201),
      { timeoutMs: WELL_MS },
    )
    await resumed.seen((frame) => frame.type === 'message' && frame.message?.content === '다시', WELL_MS)
    assert.deepEqual(
      (await other.history(room.id)).items.map(({ content, seq }) => [content, seq]),
      [
        ['그 전', 1],
        ['다시', 2],
      ],
    )
  })
})
