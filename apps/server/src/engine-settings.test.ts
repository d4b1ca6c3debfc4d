import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigError } from '@bigtech/config'
import { config } from './config.ts'

const SECRET = 'x'.repeat(32)
const ENOUGH = {
  PROFILE: 'distributed',
  SERVICE_SECRET: SECRET,
  SIGNING_KEY_SECRET: SECRET,
  MYSQL_URL: 'mysql://u:p@db:3306',
  REDIS_URL: 'redis://cache:6379',
  KAFKA_BROKERS: 'a:9092,b:9092,[::1]:9092',
}

function problems(env: Record<string, string | undefined>): readonly string[] {
  try {
    config.parse(env)
    return []
  } catch (error) {
    assert.ok(error instanceof ConfigError)
    return error.problems
  }
}

test('each role needs what it uses, and all that is missing is told at once', () => {
  assert.deepEqual(problems(ENOUGH), [])
  const missing = (ROLES?: string) => problems({ PROFILE: 'distributed', ROLES }).map((text) => text.split(' ', 1)[0])
  const always = ['SERVICE_SECRET', 'REDIS_URL', 'KAFKA_BROKERS']
  assert.deepEqual(missing(), [...always, 'MYSQL_URL', 'SIGNING_KEY_SECRET'])
  assert.deepEqual(missing('user'), [...always, 'MYSQL_URL', 'SIGNING_KEY_SECRET'])
  assert.deepEqual(missing('friend'), [...always, 'MYSQL_URL'])
  assert.deepEqual(missing('chat,gateway'), [...always, 'MYSQL_URL'])
  assert.deepEqual(missing('gateway'), always)
})

test('where the messages are is needed where they are kept, and where they are in MongoDB', () => {
  const at = (env: Record<string, string>) =>
    problems({ ...ENOUGH, MESSAGE_STORE: 'mongodb', ...env }).map((text) => text.split(' ', 1)[0])
  assert.deepEqual(at({}), ['MONGODB_URL'])
  assert.deepEqual(at({ ROLES: 'gateway,user' }), [])
  assert.deepEqual(at({ MONGODB_URL: 'mongodb://a:1,b:2/?replicaSet=r' }), [])
  assert.deepEqual(at({ MESSAGE_STORE: 'mysql' }), [])
})

test('embedded is one process, and needs none of it', () => {
  assert.deepEqual(problems({}), [])
  assert.equal(problems({ ROLES: 'user' }).length, 1)
})

test('what cannot be right is refused with what was given and what is expected', () => {
  for (const [name, value, given = value] of [
    ['KAFKA_BROKERS', 'broker'],
    ['KAFKA_BROKERS', 'a:9092,kafka://b:9092', 'kafka://b:9092'],
    ['INSTALLATION', 'Seoul 1'],
    ['INSTALLATION', 'chat'],
    ['USER_SERVICE_URLS', 'user:8005'],
    ['USER_SERVICE_URLS', 'https://user:8005'],
    ['CHAT_SERVICE_INTERNAL_URLS', 'http://chat:9002/prefix'],
  ] as const) {
    const [problem, ...others] = problems({ ...ENOUGH, [name]: value })
    assert.match(problem ?? '', /; expected /, `${name}=${value}`)
    assert.ok(problem!.startsWith(`${name} has ${JSON.stringify(given)}`), problem)
    assert.deepEqual(others, [])
  }
  assert.deepEqual(problems({ ...ENOUGH, USER_SERVICE_URLS: 'http://[::1]:8005,http://user-2.internal:8005/' }), [])
})
