import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { createHttpClient, createPolicy } from '@bigtech/resilience'
import { createPeople } from './people.ts'

test('gone are those whose account is closed or being closed, and those that user-service does not know', async (t) => {
  const profiles = ['active', 'inactive', 'closing', 'closed'].map((status, i) => ({ id: i + 1, status }))
  const asked: unknown[] = []
  let answer: unknown = profiles
  const server = createServer((request, response) => {
    asked.push([request.url, request.headers.authorization])
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
  }).listen(0, '127.0.0.1')
  t.after(() => server.close())
  await new Promise((done) => server.once('listening', done))
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const people = createPeople(createHttpClient({ baseUrl, policy: createPolicy({ retries: 0 }) }))
  assert.deepEqual(await people.gone([1, 2, 3, 4, 5], 'Bearer 7'), new Set([3, 4, 5]))
  assert.deepEqual(asked, [['/users?user_ids=1%2C2%2C3%2C4%2C5', 'Bearer 7']])
  answer = { items: [] }
  await assert.rejects(people.gone([1], 'Bearer 7'), { code: 'DEPENDENCY_UNAVAILABLE' })
})
