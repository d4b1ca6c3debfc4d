import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { createLogger, createMetrics } from '@bigtech/telemetry'
import { Type } from 'typebox'
import { operation } from '../operation.ts'
import { createInternalHost } from './internal-host.ts'
import { createServiceTokens, createServiceTokenVerifier } from './service-tokens.ts'

const secret = 'a secret of at least 32 characters'
const anything = { access: 'public', tag: 't', summary: 'x', response: { 200: Type.Any() } } as const

async function open(t: TestContext) {
  const app = await createInternalHost({
    service: 'user-service',
    tokens: createServiceTokenVerifier({ service: 'user-service', secrets: [secret] }),
    logger: createLogger({ level: 'silent' }),
    metrics: createMetrics('test'),
    readiness: {},
  })
  t.after(() => app.close())
  let calls = 0
  const answer = () => ({ calls: ++calls })
  app.get('/internal/things/:id', operation({ ...anything, id: 'get' }), answer)
  app.post('/internal/things', operation({ ...anything, id: 'post', body: Type.Any() }), answer)
  return { app, calls: () => calls }
}

test('nothing is reached without a service’s token, however its address is written', async (t) => {
  const { app, calls } = await open(t)
  for (const url of [
    '/internal/things/1',
    '/%69nternal/things/1',
    '/%69%6e%74%65%72%6e%61%6c/things/1',
    '/internal/%74hings/1',
    '/internal/things/1/',
    '/./internal/things/1',
    '//internal/things/1',
    '/internal/things/1?authorization=Bearer%20x',
  ]) {
    const { statusCode } = await app.inject({ url })
    assert.ok(statusCode === 401 || statusCode === 404, `${url}: ${statusCode}`)
  }
  for (const url of ['/internal/things', '/%69nternal/things'])
    assert.equal((await app.inject({ method: 'POST', url, payload: {} })).statusCode, 401)
  for (const url of ['/openapi.json', '/docs']) assert.equal((await app.inject({ url })).statusCode, 401)
  assert.equal(calls(), 0)
})

test('a service comes in, and probes need nothing', async (t) => {
  const { app } = await open(t)
  const authorization = createServiceTokens({ service: 'chat-service', secrets: [secret] }).authorization(
    'user-service',
  )
  assert.equal((await app.inject({ url: '/internal/things/1', headers: { authorization } })).statusCode, 200)
  for (const url of ['/health', '/ready', '/metrics']) assert.equal((await app.inject({ url })).statusCode, 200)
})
