import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findEngines } from './engines.ts'

const running = (...names: string[]) => ((name: string) => names.includes(name)) as (name: string) => boolean

test('all that run are used, with their settings', () => {
  const { used, missing, settings } = findEngines(undefined, running('redis', 'mariadb'))
  assert.deepEqual(used, ['mariadb', 'redis'])
  assert.ok(missing.includes('kafka') && !missing.includes('redis'))
  assert.deepEqual(Object.keys(settings), ['MYSQL_URL', 'REDIS_URL'])
})

test('what is named is used and nothing else', () => {
  assert.deepEqual(findEngines('sqlite, redis', running('redis', 'mariadb')).used, ['redis'])
  assert.deepEqual(findEngines('sqlite', running('redis', 'mariadb')).used, [])
})

test('a name that is unknown, or does not run, is an error and not a skip', () => {
  assert.throws(() => findEngines('redis', running('mariadb')), /redis does not run \(npm run stack -- up redis\)/)
  assert.throws(() => findEngines('rediz', running('redis')), /there is no rediz; there are sqlite, mariadb/)
})
