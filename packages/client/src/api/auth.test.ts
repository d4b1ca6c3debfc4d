import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createClient } from '../index.ts'
import { fakeFetch, problem, type Answer } from '../testing/fetch.fixture.ts'

/** Nobody is signed in. */
function visitor(answer: Answer) {
  const server = fakeFetch(() => answer)
  const { auth } = createClient({ baseUrl: 'http://chat', fetch: server.fetch })
  const asked = () => server.asked.map(({ method, path, body }) => [method, path, JSON.parse(body)])
  return { auth, asked, headers: () => server.asked[0]!.headers }
}

describe('the confirmation of an address', () => {
  it('needs no session: whoever has the link may open it anywhere', async () => {
    const { auth, asked, headers } = visitor({ status: 204 })
    assert.equal(await auth.confirmEmail('from-the-link'), undefined)
    assert.deepEqual(asked(), [['POST', '/auth/email/confirm', { token: 'from-the-link' }]])
    assert.equal(headers().get('authorization'), null)
  })

  it('with a link that is too old, or none, says so and is not tried again', async () => {
    const { auth, asked } = visitor(problem(400, 'CONFIRMATION_TOKEN_INVALID'))
    await assert.rejects(auth.confirmEmail('old'), { status: 400, code: 'CONFIRMATION_TOKEN_INVALID' })
    assert.equal(asked().length, 1)
  })

  it('can be asked for again, and says when it was too often', async () => {
    const given = visitor({ status: 202, json: { status: 'accepted' } })
    assert.deepEqual(await given.auth.resendConfirmation('a@example.com'), { status: 'accepted' })
    assert.deepEqual(given.asked(), [['POST', '/auth/email/resend', { email: 'a@example.com' }]])
    assert.equal(given.headers().get('authorization'), null)
    const refused = visitor(problem(429, 'RATE_LIMITED', { 'retry-after': '60' }))
    await assert.rejects(refused.auth.resendConfirmation('a@example.com'), { status: 429, retryAfterMs: 60_000 })
    assert.equal(refused.asked().length, 1, 'each would be a mail more')
  })
})
