import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { tempDir } from '@bigtech/testkit'
import { noEngines } from '../support/engines.ts'
import { assertProblem, behindGateway, register, testEnv } from '../support/index.ts'
import { noNginx, startNginx } from '../support/nginx.ts'

const skip = noEngines() || noNginx
const LIMIT = 6

/** NGINX straight before the services: no gateway is on the way of their calls. */
async function open(t: TestContext, SERVICE_LIMITS: string) {
  const { distributedEnv, startDistributed } = await import('../support/distributed-server.ts')
  const limits = { RATE_LIMIT_USER: String(LIMIT), SERVICE_LIMITS }
  const { urls } = await startDistributed(t, { ...testEnv(tempDir(t)), ...distributedEnv(), ...limits })
  return behindGateway({ ...urls, gateway: await startNginx(t, urls) })
}

test('with a proxy in the place of the gateway the services limit what a user calls', { skip }, async (t) => {
  const urls = await open(t, 'true')
  const [minsu, jiwoo] = [await register(urls, 'minsu'), await register(urls, 'jiwoo')]
  const ask = async (person: typeof minsu, path: string) => person.call('GET', path)
  for (const path of ['/profile/me', '/chat-rooms', '/friends']) {
    const answers = []
    for (let n = 0; n <= LIMIT; n++) answers.push(await ask(minsu, path))
    assert.deepEqual(
      answers.slice(0, LIMIT).map(({ status }) => status),
      Array(LIMIT).fill(200),
    )
    const refused = answers.at(-1)!
    assertProblem(refused, 429, 'RATE_LIMITED')
    assert.ok(Number(refused.headers.get('retry-after')) > 0)
    assert.equal(answers[0]!.headers.get('ratelimit-limit') ?? answers[0]!.headers.get('x-ratelimit-limit'), `${LIMIT}`)
  }
  assert.equal((await ask(jiwoo, '/profile/me')).status, 200, 'one person’s calls are no one else’s')
})

test('without that setting they leave it to the gateway', { skip }, async (t) => {
  const minsu = await register(await open(t, 'false'), 'minsu')
  for (let n = 0; n < 2 * LIMIT; n++) assert.equal((await minsu.call('GET', '/profile/me')).status, 200)
})
