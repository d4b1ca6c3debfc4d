import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { eventually } from '@bigtech/testkit'
import { register, startTestServer, testProfile, type TestServer } from '../support/index.ts'

/** The address in the mail that was written to somebody who forgot their password. */
async function linkOf({ urls, dataDir }: TestServer): Promise<URL> {
  const person = await register(urls, '깜빡이')
  const answer = await fetch(`${urls.gateway}/api/auth/password/forgot`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: person.email }),
  })
  assert.equal(answer.status, 202)
  return eventually(() => {
    const mails = readdirSync(join(dataDir, 'mail')).map((name) => readFileSync(join(dataDir, 'mail', name), 'utf8'))
    const link = /https?:\/\/\S+reset-password\?token=\S+/.exec(
      mails
        .join('\n')
        .replace(/=\r?\n/g, '')
        .replaceAll('=3D', '='),
    )
    assert.ok(link, mails.join('\n'))
    return new URL(link[0])
  })
}

const ofAnother = testProfile === 'distributed' && 'user-service is told with PUBLIC_URL where the gateway is'

test(
  'the link of a reset mail leads to where the gateway listens, whatever its port',
  { skip: ofAnother },
  async (t) => {
    const system = await startTestServer(t)
    const link = await linkOf(system)
    assert.equal(link.origin, new URL(system.urls.gateway).origin)
  },
)

test('behind a proxy it leads to PUBLIC_URL', async (t) => {
  const system = await startTestServer(t, { PUBLIC_URL: 'https://chat.example.com/' })
  assert.equal((await linkOf(system)).origin, 'https://chat.example.com')
})
