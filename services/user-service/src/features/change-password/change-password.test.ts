import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bearer, PASSWORD, startService } from '../../user-service.fixture.ts'

describe('POST /auth/password', () => {
  it('changes the password and ends the other sessions', async (t) => {
    const { app, account, signIn } = await startService(t)
    const here = await account('alice')
    const there = await signIn(here.email)
    const change = (current_password: string, new_password: string) =>
      app.inject({
        method: 'POST',
        url: '/auth/password',
        payload: { current_password, new_password },
        headers: bearer(here),
      })
    const wrong = await change('not-it-at-all', 'new-password-1')
    assert.equal(wrong.statusCode, 400)
    assert.equal(wrong.json<{ detail: string }>().detail, '현재 비밀번호가 올바르지 않습니다')
    const short = await change(PASSWORD, 'short')
    assert.equal(short.statusCode, 422)
    for (const easy of ['password1', here.email, ' '.repeat(8)]) {
      const refused = await change(PASSWORD, easy)
      const { errors } = refused.json<{ errors: { field: string }[] }>()
      assert.deepEqual([refused.statusCode, errors[0]?.field], [422, 'new_password'], easy)
    }
    assert.equal((await change(PASSWORD, 'new-password-1')).statusCode, 204)
    const get = async (token: string) =>
      (await app.inject({ url: '/profile/me', headers: bearer({ token }) })).statusCode
    assert.deepEqual([await get(here.token), await get(there.token)], [200, 401])
    await assert.rejects(signIn(here.email), /CREDENTIALS_INVALID/)
    await signIn(here.email, 'new-password-1')
  })

  it('cannot be used to guess the password with a stolen token', async (t) => {
    const { app, account } = await startService(t)
    const alice = await account('alice')
    const statuses: number[] = []
    for (let i = 0; i < 7; i++) {
      const payload = { current_password: `guess-${i}`, new_password: 'new-password-1' }
      const answer = await app.inject({ method: 'POST', url: '/auth/password', payload, headers: bearer(alice) })
      statuses.push(answer.statusCode)
    }
    assert.deepEqual(statuses, [400, 400, 400, 400, 400, 429, 429])
  })
})
