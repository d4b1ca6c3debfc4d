import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { it } from 'node:test'
import { requestHeaders } from './headers.ts'

it('a service is told whether people came over TLS: by the proxy that is trusted, or by the gateway itself', () => {
  const from = (socket: object, headers: Record<string, string>) =>
    ({ socket: { remoteAddress: '127.0.0.1', ...socket }, headers }) as unknown as IncomingMessage
  const told = (request: IncomingMessage, trustProxy: boolean) =>
    requestHeaders(request, trustProxy)['x-forwarded-proto']
  const claims = { 'x-forwarded-proto': 'https' }
  assert.equal(told(from({ encrypted: true }, {}), false), 'https')
  assert.equal(told(from({}, {}), false), 'http')
  assert.equal(told(from({}, claims), false), 'http')
  assert.equal(told(from({}, claims), true), 'https')
  assert.equal(told(from({ encrypted: true }, { 'x-forwarded-proto': 'http' }), true), 'http')
})
