import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { createInternalHost, createServiceTokenVerifier, operation } from '@bigtech/http'
import { createMetrics, nullLogger } from '@bigtech/telemetry'
import { Type } from 'typebox'
import { config } from '../../config.ts'
import { engineSchema } from '../../engine-settings.ts'
import { StartupError } from '../../startup-error.ts'
import { checkSecret } from './secret.ts'

const [ours, theirs] = ['ours'.repeat(8), 'theirs'.repeat(8)]

/** The internal port of a process, which is asked how it is. */
async function serve(t: TestContext, service: string, secret: string) {
  const app = await createInternalHost({
    service,
    tokens: createServiceTokenVerifier({ service, secrets: [secret] }),
    logger: nullLogger,
    metrics: createMetrics(service),
    readiness: {},
  })
  app.get(
    '/internal/ops/health',
    operation({ id: 'readHealth', tag: 'internal', access: 'public', summary: '', response: { 200: Type.Object({}) } }),
    () => ({}),
  )
  t.after(() => app.close())
  return { app, address: await app.listen({ port: 0, host: '127.0.0.1' }) }
}

const NOBODY = 'http://127.0.0.1:9'
const nobody = {
  USER_SERVICE_INTERNAL_URLS: [NOBODY],
  FRIEND_SERVICE_INTERNAL_URLS: [NOBODY],
  CHAT_SERVICE_INTERNAL_URLS: [NOBODY],
  NOTIFICATION_SERVICE_INTERNAL_URLS: [NOBODY],
  AI_SERVICE_INTERNAL_URLS: [NOBODY],
  ANALYTICS_SERVICE_INTERNAL_URLS: [NOBODY],
}

test('a process that another refuses for its secret does not start, and says which one', async (t) => {
  const { address: other } = await serve(t, 'user-service', theirs)
  const { address: same } = await serve(t, 'user-service', ours)
  const settings = { ...nobody, SERVICE_SECRET: [ours], USER_SERVICE_INTERNAL_URLS: [same, other] }
  await assert.rejects(checkSecret(settings, 0), (error) => {
    assert.ok(error instanceof StartupError)
    assert.ok(error.message.startsWith(`SERVICE_SECRET: ${other} refuses it`), error.message)
    return true
  })
})

test('those that accept it, answer something else or do not answer are no reason', async (t) => {
  const { address } = await serve(t, 'user-service', ours)
  const settings = { ...nobody, SERVICE_SECRET: [ours, theirs], USER_SERVICE_INTERNAL_URLS: [address, NOBODY] }
  await checkSecret(settings, 0)
})

test('one that ends meanwhile is waited for', async (t) => {
  const { app, address } = await serve(t, 'friend-service', theirs)
  const checked = checkSecret({ ...nobody, SERVICE_SECRET: [ours], FRIEND_SERVICE_INTERNAL_URLS: [address] })
  const refused = checkSecret({ ...nobody, SERVICE_SECRET: [ours], FRIEND_SERVICE_INTERNAL_URLS: [address] }, 0)
  await assert.rejects(refused, StartupError)
  await app.close()
  await checked
})

// Another installation of the machine may be there. A test cannot listen at a default address, so it looks at what tells the two apart.
test('addresses that nobody has set are told from those that were set to the same', () => {
  const [name, usual] = ['USER_SERVICE_INTERNAL_URLS', 'http://127.0.0.1:9005'] as const
  assert.deepEqual(config.parse({ [name]: usual })[name], [usual])
  assert.notEqual(config.parse({ [name]: usual })[name], engineSchema[name].defaultValue)
  assert.equal(config.parse({})[name], engineSchema[name].defaultValue)
})
