import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { test, type TestContext } from 'node:test'
import { createHttpClient, createPolicy } from '@bigtech/resilience'
import { eventually } from '@bigtech/testkit'
import { createRemotePresenceBeats } from './presence-beats.ts'

async function open(t: TestContext) {
  const calls: { url: string | undefined; authorization: string | undefined; ids: number[] }[] = []
  let status = 204
  const server = createServer((request, response) => {
    void json(request).then((body) => {
      const { user_ids } = body as { user_ids: number[] }
      calls.push({ url: request.url, authorization: request.headers.authorization, ids: user_ids })
      response.writeHead(status).end()
    })
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const troubles: unknown[] = []
  const beats = createRemotePresenceBeats(
    createHttpClient({
      baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      headers: () => ({ authorization: 'Bearer of a service' }),
      policy: createPolicy({ timeoutMs: 1_000, retries: 0 }),
    }),
    { everyMs: 20, onTrouble: (error) => troubles.push(error) },
  )
  t.after(() => beats.close())
  return { calls, beats, troubles, answer: (with_: number) => (status = with_) }
}

test('everybody of a moment is told together, each once, as the service', async (t) => {
  const { calls, beats } = await open(t)
  for (const id of [1, 2, 2, 3, 1]) beats.beat(id)
  await eventually(() => assert.equal(calls.length, 1))
  assert.deepEqual(calls, [{ url: '/internal/presence/beats', authorization: 'Bearer of a service', ids: [1, 2, 3] }])
})

test('very many are told in several calls', async (t) => {
  const { calls, beats } = await open(t)
  for (let id = 1; id <= 12_000; id++) beats.beat(id)
  await eventually(() =>
    assert.deepEqual(
      calls.map(({ ids }) => ids.length),
      [5_000, 5_000, 2_000],
    ),
  )
})

test('what cannot be told is forgotten; the next is told again', async (t) => {
  const { calls, beats, troubles, answer } = await open(t)
  answer(503)
  beats.beat(1)
  await eventually(() => assert.equal(troubles.length, 1))
  answer(204)
  beats.beat(2)
  await eventually(() => assert.deepEqual(calls.at(-1)!.ids, [2]))
})

test('what waits at the end is told before it', async (t) => {
  const { calls, beats } = await open(t)
  beats.beat(7)
  await beats.close()
  assert.deepEqual(
    calls.map(({ ids }) => ids),
    [[7]],
  )
})
