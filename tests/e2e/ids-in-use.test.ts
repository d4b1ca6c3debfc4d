import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually, tempDir } from '@bigtech/testkit'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import { noEngines } from '../support/engines.ts'
import { openDirect, registerAll, register, testEnv } from '../support/index.ts'

const skip = noEngines()

test('accounts are lost with their mark: ids that other services know are given to nobody new', { skip }, async (t) => {
  const { distributedEnv, startDistributed } = await import('../support/distributed-server.ts')
  const env = { ...testEnv(tempDir(t)), ...distributedEnv() }
  const before = await startDistributed(t, env)
  const [one, other] = await registerAll(before.urls, '하나', '둘')
  await openDirect(one, other)
  await before.stop()
  // The whole server was put back to a copy of before anybody registered.
  const database = (name: string) => `bigtech_${env['INSTALLATION']}_${name}`
  const connection = await createConnection({ uri: process.env['MYSQL_URL']! })
  t.after(() => connection.end())
  for (const name of ['user_service', 'user_ids']) await connection.query(`DROP DATABASE \`${database(name)}\``)
  const after = await startDistributed(t, env)
  const next = 'SELECT AUTO_INCREMENT AS id FROM information_schema.tables WHERE table_schema = ? AND table_name = ?'
  await eventually(async () => {
    const [rows] = await connection.query<RowDataPacket[]>(next, [database('user_service'), 'users'])
    assert.ok(Number(rows[0]!['id']) > other.id)
  })
  const someone = await register(after.urls, '새미')
  assert.ok(someone.id > other.id, `${someone.id} is the id of somebody else`)
})
