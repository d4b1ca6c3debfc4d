import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bearer, PASSWORD, startService, type TestService } from '../user-service.fixture.ts'

type Answer = Awaited<ReturnType<TestService['app']['inject']>>
const PAGE = { 'x-token-transport': 'cookie' }

const setCookie = (answer: Answer): string => [answer.headers['set-cookie']].flat().join()
/** What a browser would send back. */
const cookieOf = (answer: Answer): string => setCookie(answer).split(';')[0]!
const codeOf = (answer: Answer): string => answer.json<{ code: string }>().code

async function signInPage(service: TestService, name = 'alice') {
  const { email } = await service.account(name)
  return service.app.inject({
    method: 'POST',
    url: '/auth/login/json',
    headers: PAGE,
    payload: { email, password: PASSWORD },
  })
}
const refresh = ({ app }: TestService, cookie: string, headers: Record<string, string> = PAGE) =>
  app.inject({ method: 'POST', url: '/auth/refresh', headers: { ...headers, cookie }, payload: {} })

describe('the refresh token in a cookie', () => {
  it('is given on demand only, where no script can read it, and never in the body as well', async (t) => {
    const service = await startService(t)
    const answer = await signInPage(service)
    assert.equal(answer.statusCode, 200)
    assert.match(
      setCookie(answer),
      /^bigtech_refresh=[\w-]{20,}; Max-Age=2592000; Path=\/api\/auth; HttpOnly; SameSite=Strict$/,
    )
    assert.equal('refresh_token' in answer.json<object>(), false)
    assert.ok(!answer.body.includes(cookieOf(answer).split('=')[1]!))
    const { email } = await service.account('bob')
    const plain = await service.app.inject({
      method: 'POST',
      url: '/auth/login/json',
      payload: { email, password: PASSWORD },
    })
    assert.equal(plain.headers['set-cookie'], undefined)
  })

  it('goes over TLS only where the page came over TLS', async (t) => {
    const service = await startService(t)
    const { email } = await service.account('alice')
    const answer = await service.app.inject({
      method: 'POST',
      url: '/auth/login/json',
      headers: { ...PAGE, 'x-forwarded-proto': 'https', 'x-forwarded-for': '10.0.0.1' },
      payload: { email, password: PASSWORD },
    })
    assert.match(setCookie(answer), /; Secure/)
  })

  it('is exchanged, and only by a page that says so: forms of other sites cannot', async (t) => {
    const service = await startService(t)
    const signedIn = await signInPage(service)
    const forged = await refresh(service, cookieOf(signedIn), {})
    assert.equal(forged.statusCode, 422)
    assert.deepEqual(forged.json<{ errors: unknown }>().errors, [
      { field: 'refresh_token', message: '필수 항목입니다' },
    ])
    const answer = await refresh(service, cookieOf(signedIn))
    assert.equal(answer.statusCode, 200)
    assert.notEqual(cookieOf(answer), cookieOf(signedIn))
    const { access_token } = answer.json<{ access_token: string }>()
    const me = await service.app.inject({ url: '/profile/me', headers: bearer({ token: access_token }) })
    assert.equal(me.statusCode, 200)
  })

  it('a page without one has no session, which is no fault; a wrong one is', async (t) => {
    const service = await startService(t)
    for (const cookie of ['', 'bigtech_refresh=', 'other=1']) {
      const answer = await refresh(service, cookie)
      assert.deepEqual([answer.statusCode, answer.body], [204, ''])
    }
    for (const cookie of [`bigtech_refresh=${'x'.repeat(300)}`, 'other=1; bigtech_refresh=unknown'])
      assert.deepEqual(
        [(await refresh(service, cookie)).statusCode, codeOf(await refresh(service, cookie))],
        [401, 'REFRESH_TOKEN_INVALID'],
      )
  })

  it('an answer that was lost is given again: the page goes on with either cookie', async (t) => {
    const service = await startService(t)
    const first = cookieOf(await signInPage(service))
    const lost = cookieOf(await refresh(service, first))
    const again = await refresh(service, first)
    assert.equal(again.statusCode, 200)
    assert.equal(cookieOf(again), lost)
    assert.equal((await refresh(service, lost)).statusCode, 200)
  })

  it('goes away at sign-out', async (t) => {
    const service = await startService(t)
    const signedIn = await signInPage(service)
    const { access_token } = signedIn.json<{ access_token: string }>()
    const answer = await service.app.inject({
      method: 'POST',
      url: '/auth/logout',
      headers: { ...bearer({ token: access_token }), cookie: cookieOf(signedIn) },
    })
    assert.equal(answer.statusCode, 204)
    assert.match(setCookie(answer), /^bigtech_refresh=; Max-Age=0; Path=\/api\/auth/)
    assert.equal((await refresh(service, cookieOf(signedIn))).statusCode, 401)
  })
})
