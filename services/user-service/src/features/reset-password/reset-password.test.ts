import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, it } from 'node:test'
import { bearer, mailedToken, startService, type TestService } from '../../user-service.fixture.ts'

const forgot = ({ app }: TestService, email: string) =>
  app.inject({ method: 'POST', url: '/auth/password/forgot', payload: { email } })
const reset = ({ app }: TestService, token: string, new_password = 'brand-new-1') =>
  app.inject({ method: 'POST', url: '/auth/password/reset', payload: { token, new_password } })

describe('forgotten passwords', () => {
  it('mails a link that works once, within the hour, and ends all sessions', async (t) => {
    const service = await startService(t)
    const alice = await service.account('alice')
    const answer = await forgot(service, ' Alice@example.com')
    assert.equal(answer.statusCode, 202)
    const token = await mailedToken(service)
    assert.equal((await reset(service, token, 'short')).statusCode, 422)
    assert.equal((await reset(service, token)).statusCode, 204)
    assert.equal((await service.app.inject({ url: '/profile/me', headers: bearer(alice) })).statusCode, 401)
    await service.signIn(alice.email, 'brand-new-1')
    const again = await reset(service, token, 'another-one-1')
    assert.equal(again.statusCode, 400)
    assert.equal(again.json<{ code: string }>().code, 'RESET_TOKEN_INVALID')
  })

  it('a mail server that is away fails nobody: the answer is the same, and the next mail may arrive', async (t) => {
    const service = await startService(t, { smtpUrl: 'smtp://127.0.0.1:1' })
    await service.account('alice')
    for (const email of ['alice@example.com', 'nobody@example.com'])
      assert.equal((await forgot(service, email)).statusCode, 202)
    await service.close()
    const after = await startService(t, { dir: service.dir })
    assert.equal((await forgot(after, 'alice@example.com')).statusCode, 202)
    await mailedToken(after)
  })

  it('an address from before, which nobody could register today, signs in and gets its mail', async (t) => {
    const before = await startService(t)
    await before.account('alice')
    await before.close()
    const database = new DatabaseSync(join(before.dir, 'user.db'))
    database.prepare("UPDATE users SET email = 'a..b@example.com' WHERE email = 'alice@example.com'").run()
    database.close()
    const service = await startService(t, { dir: before.dir })
    await service.signIn('a..b@example.com')
    assert.equal((await forgot(service, 'A..b@example.com')).statusCode, 202)
    assert.equal((await reset(service, await mailedToken(service, '<"a..b"@example.com>'))).statusCode, 204)
    await service.signIn('a..b@example.com', 'brand-new-1')
  })

  it('answers the same for unknown addresses and sends nothing', async (t) => {
    const service = await startService(t)
    await service.account('alice')
    const [known, unknown] = [await forgot(service, 'alice@example.com'), await forgot(service, 'nobody@example.com')]
    assert.deepEqual([known.statusCode, known.body], [unknown.statusCode, unknown.body])
    await service.close()
    assert.equal((await service.mails()).length, 1)
  })

  it('expires after an hour, and when another token was used', async (t) => {
    const service = await startService(t)
    await service.account('alice')
    await forgot(service, 'alice@example.com')
    const token = await mailedToken(service)
    service.clock.advance(3_600_001)
    assert.equal((await reset(service, token)).statusCode, 400)
  })

  it('gives one of parallel uses of a token', async (t) => {
    const service = await startService(t)
    await service.account('alice')
    await forgot(service, 'alice@example.com')
    const token = await mailedToken(service)
    const answers = await Promise.all(Array.from({ length: 5 }, (_, i) => reset(service, token, `parallel-${i}-x`)))
    assert.deepEqual(
      answers.map((answer) => answer.statusCode).sort((a, b) => a - b),
      [204, 400, 400, 400, 400],
    )
  })
})
