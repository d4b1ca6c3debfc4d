import assert from 'node:assert/strict'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { createLogger } from '@bigtech/telemetry'
import { createUpstream, type UpstreamOptions } from './upstream.ts'

export async function listen(t: TestContext, server: Server, port = 0): Promise<number> {
  server.listen(port, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

const urlOf = (port: number, host: string) => new URL(`http://${host}:${port}`)

/** A port where nobody listens. */
export async function deadPort(t: TestContext): Promise<number> {
  const server = createServer()
  const port = await listen(t, server)
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** A gateway before these instances. */
export async function open(
  t: TestContext,
  ports: readonly number[],
  { host = '127.0.0.1', ...options }: Partial<UpstreamOptions> & { host?: string } = {},
) {
  const logger = createLogger({ level: 'silent' })
  const upstream = createUpstream({
    name: 'chat',
    instances: ports.map((port) => urlOf(port, host)),
    trustProxy: false,
    logger,
    ...options,
  })
  const gateway = createServer((request, response) => upstream.request(request, response))
  gateway.on('upgrade', (request, socket, head) => upstream.upgrade(request, socket, head))
  const port = await listen(t, gateway)
  t.after(() => upstream.close())
  return { upstream, port, url: `http://127.0.0.1:${port}` }
}

/** An instance that says who it is. */
export const named =
  (name: string): RequestListener =>
  (request, response) => {
    request.resume()
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ name, method: request.method }))
  }

export const who = async (url: string, options?: RequestInit) => {
  const answer = await fetch(url, options)
  assert.equal(answer.status, 200)
  return ((await answer.json()) as { name: string }).name
}
