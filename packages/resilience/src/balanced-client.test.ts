import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { createBalancedClient } from './balanced-client.ts'

async function listen(t: TestContext, listener: RequestListener): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const close = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections()
      server.close(() => resolve())
    })
  t.after(() => (server.listening ? close() : undefined))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close }
}

const named =
  (name: string): RequestListener =>
  (request, response) => {
    request.resume()
    response.setHeader('content-type', 'application/json').end(JSON.stringify(name))
  }

test('calls go to one after the other; one that is gone costs no call that may be repeated', async (t) => {
  const [a, b] = [await listen(t, named('a')), await listen(t, named('b'))]
  const client = createBalancedClient(() => [a.url, b.url])
  const ask = () => client.get<string>('/')
  assert.deepEqual(new Set([await ask(), await ask()]), new Set(['a', 'b']))
  await a.close()
  for (let n = 0; n < 6; n++) assert.equal(await ask(), 'b')
  for (let n = 0; n < 4; n++) assert.equal(await client.post<string>('/', {}, { idempotent: true }), 'b')
})

test('a call that may have had its effect is not made again', async (t) => {
  let calls = 0
  const broken: RequestListener = (request) => {
    calls++
    request.socket.destroy()
  }
  const [a, b] = [await listen(t, broken), await listen(t, broken)]
  const client = createBalancedClient(() => [a.url, b.url])
  await assert.rejects(client.post('/', {}), { code: 'DEPENDENCY_UNAVAILABLE' })
  assert.equal(calls, 1)
})

test('addresses that are known only later are used from then on', async (t) => {
  const a = await listen(t, named('a'))
  const nobody = await listen(t, named('nobody'))
  await nobody.close()
  let addresses = [nobody.url]
  const client = createBalancedClient(() => addresses)
  await assert.rejects(client.get('/'), { code: 'DEPENDENCY_UNAVAILABLE' })
  addresses = [a.url]
  assert.equal(await client.get<string>('/'), 'a')
})
