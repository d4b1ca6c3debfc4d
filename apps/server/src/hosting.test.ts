import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { it } from 'node:test'
import { bareHost } from './bare-host.fixture.ts'
import { createListen } from './hosting.ts'
import { createStops } from './stops.ts'

const MINUTE_MS = 60_000

it('a host that ends lets answers end, and does not wait for what their connections could be used for then', async (t) => {
  const app = await bareHost(t)
  const [asked, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<string>()]
  app.get('/slow', { schema: { hide: true }, config: { access: 'public' } }, async () => {
    asked.resolve()
    return answered.promise
  })
  const stops = createStops()
  const settings = { HOST: '127.0.0.1', SERVICE_HOST: '127.0.0.1', GATEWAY_PORT: 0 } as Parameters<
    typeof createListen
  >[0]
  const { port } = await createListen(settings, stops, MINUTE_MS)(app, 'HOST', 'GATEWAY_PORT')
  const agent = new Agent({ keepAlive: true })
  t.after(() => agent.destroy())
  const response = once(get({ port, host: '127.0.0.1', path: '/slow', agent }), 'response') as Promise<
    [IncomingMessage]
  >
  await asked.promise
  const ended = stops.close()
  // Its end has begun before there is an answer.
  await new Promise((resolve) => setImmediate(resolve))
  answered.resolve('slow, but there')
  const [answer] = await response
  assert.equal(answer.headers.connection, 'keep-alive')
  assert.equal(await text(answer), 'slow, but there')
  await ended
})
