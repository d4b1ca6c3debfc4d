import assert from 'node:assert/strict'
import { test } from 'node:test'
import { config } from './config.ts'
import { healthAddresses } from './health-addresses.ts'

const engines = {
  PROFILE: 'distributed',
  SERVICE_SECRET: 'x'.repeat(32),
  SIGNING_KEY_SECRET: 'x'.repeat(32),
  MYSQL_URL: 'mysql://user@mysql:3306',
  REDIS_URL: 'redis://redis:6379',
  KAFKA_BROKERS: 'kafka:9092',
}
const of = (env: NodeJS.ProcessEnv) => healthAddresses(config.parse(env))

test('embedded the gateway speaks for all', () => {
  assert.deepEqual(of({ HOST: '0.0.0.0', GATEWAY_PORT: '8099' }), ['http://127.0.0.1:8099/health'])
})

test('each role is asked at its port', () => {
  const addresses = of({ ...engines, ROLES: 'user,chat', SERVICE_HOST: '0.0.0.0', CHAT_SERVICE_PORT: '8102' })
  assert.deepEqual(addresses, ['http://127.0.0.1:8005/health', 'http://127.0.0.1:8102/health'])
  assert.equal(of({ ...engines, ROLES: 'all' }).length, 7)
})

test('at the address that it listens on', () => {
  const address = (HOST: string) => of({ ...engines, ROLES: 'gateway', HOST })[0]
  assert.equal(address('10.0.0.7'), 'http://10.0.0.7:8080/health')
  assert.equal(address('::'), 'http://[::1]:8080/health')
  assert.equal(address('fd00::7'), 'http://[fd00::7]:8080/health')
})
