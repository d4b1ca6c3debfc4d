/**
 * `MONGODB_URL=mongodb://… MYSQL_URL=mysql://… npm run test:mongodb`: the suites of chat-service on a real MongoDB, which no test of this repository has. Each
 * makes databases `bigtech_test_…` and drops them. The URL names one host, the primary of a replica set.
 */
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import { run } from './test-run.ts'
import { readTotals, skippedLines } from './test-totals.ts'

/** Each file, s. */
const LIMIT_S = 900

const { MONGODB_URL: url, MYSQL_URL: mysql } = process.env
if (!url || !mysql) {
  console.error('MONGODB_URL and MYSQL_URL must be set: rooms are in MySQL (npm run stack -- up mariadb)')
  process.exit(2)
}

const client = new MongoClient(url, { serverSelectionTimeoutMS: 5_000 })
const admin = client.db('admin')
const { version } = (await admin.command({ buildInfo: 1 })) as { version?: string }
const { setName, isWritablePrimary } = (await admin.command({ hello: 1 })) as {
  setName?: string
  isWritablePrimary?: boolean
}
await client.close()
console.log(`MongoDB ${version ?? '?'}, ${setName ? `replica set ${setName}` : 'no replica set'}`)
if (!isWritablePrimary) {
  console.error('MONGODB_URL does not name a primary')
  process.exit(2)
}
if (!setName) console.log('One server alone proves nothing of majorities and elections.')

const root = join(import.meta.dirname, '..')
const without = { MONGO_WIRE_URL: '', FERRETDB_URL: '' }
for (const file of globSync('services/chat-service/src/adapters/mongodb/*.test.ts', { cwd: root }).toSorted()) {
  const { output, code, seconds } = await run(root, [process.execPath, '--test-reporter=spec', file], LIMIT_S, without)
  const { passed, failed } = readTotals(output, code)
  if (failed > 0) {
    console.log(output)
    process.exitCode = 1
  } else for (const line of skippedLines(output)) console.log(line.trim())
  console.log(`${failed > 0 ? '✖' : '✔'} ${file}: ${passed} passed, ${failed} failed (${seconds.toFixed(0)} s)`)
}
