import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createTestClock } from '@bigtech/testkit'
import { createClient, type SessionStorage } from '../index.ts'
import { fakeFetch, problem, tokens, type Answer, type Asked } from '../testing/fetch.fixture.ts'

function memoryStorage(): SessionStorage {
  const entries = new Map<string, string>()
  return {
    getItem: (key) => entries.get(key) ?? null,
    setItem: (key, value) => void entries.set(key, value),
    removeItem: (key) => void entries.delete(key),
  }
}

const bearer = (asked: Asked) => asked.headers.get('authorization')?.slice('Bearer '.length)
const sentToken = (asked: Asked) => (JSON.parse(asked.body) as { refresh_token: string }).refresh_token

/** A server whose refresh tokens work once, and whose valid access tokens are those it gave last. */
function createServer(options: { life?: number; refresh?: () => Answer | undefined } = {}) {
  let pair = tokens(options.life)
  let ended = false
  const server = fakeFetch(async (asked) => {
    // A little time, as on a network, so that calls overlap.
    await new Promise((resolve) => setImmediate(resolve))
    if (asked.path === '/auth/login/json') return { json: pair }
    if (asked.path === '/auth/refresh') {
      const own = options.refresh?.()
      if (own) return own
      if (ended) return problem(401, 'REFRESH_TOKEN_INVALID')
      if (sentToken(asked) !== pair.refresh_token) {
        ended = true
        return problem(401, 'REFRESH_TOKEN_REUSED')
      }
      pair = tokens(options.life)
      return { json: pair }
    }
    return bearer(asked) === pair.access_token ? { json: { id: 7 } } : problem(401, 'TOKEN_EXPIRED')
  })
  const exchanges = () => server.asked.filter((asked) => asked.path === '/auth/refresh').length
  /** The tokens given so far work no more, but the session does. */
  const expire = () => (pair = { ...pair, access_token: tokens().access_token })
  return { ...server, exchanges, expire, rotate: () => (pair = tokens(options.life)) }
}

async function signedIn(server: ReturnType<typeof createServer>, more: { storage?: SessionStorage } = {}) {
  const clock = createTestClock()
  const lost: string[] = []
  const client = createClient({
    baseUrl: 'http://chat',
    fetch: server.fetch,
    random: () => 0,
    now: () => clock.now(),
    onSignedOut: (code) => lost.push(code),
    ...more,
  })
  await client.auth.login('a@b.c', 'x')
  return { client, clock, lost }
}

describe('the session', () => {
  it('says who is signed in', async () => {
    const { client } = await signedIn(createServer())
    assert.equal(client.auth.session()?.user_id, 7)
  })

  it('exchanges tokens once for twenty calls at the same time', async () => {
    const server = createServer()
    const { client } = await signedIn(server)
    server.expire()
    const profiles = await Promise.all(Array.from({ length: 20 }, () => client.profile.get()))
    assert.equal(profiles.length, 20)
    assert.equal(server.exchanges(), 1)
  })

  it('renews a token before it ends', async () => {
    const server = createServer()
    const { client, clock } = await signedIn(server)
    clock.advance(839_000)
    await client.profile.get()
    assert.equal(server.exchanges(), 0)
    clock.advance(2_000)
    await client.profile.get()
    assert.equal(server.exchanges(), 1)
    assert.ok(server.asked.every((asked) => asked.path !== '/profile/me' || bearer(asked) !== undefined))
  })

  it('gives up after a new token is refused too', async () => {
    const server = fakeFetch(({ path }) =>
      path.startsWith('/auth/') ? { json: tokens() } : problem(401, 'TOKEN_INVALID'),
    )
    const client = createClient({ baseUrl: 'http://chat', fetch: server.fetch, random: () => 0 })
    await client.auth.login('a', 'x')
    await assert.rejects(client.profile.get(), { code: 'TOKEN_INVALID' })
    assert.deepEqual(
      server.asked.map((asked) => asked.path),
      ['/auth/login/json', '/profile/me', '/auth/refresh', '/profile/me'],
    )
  })

  it('asks again by itself for an answer that was lost, and goes on', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    let lose = 3
    const server = createServer({ refresh: () => (lose-- > 0 ? new TypeError('fetch failed') : undefined) })
    const { client, lost } = await signedIn(server)
    server.expire()
    await assert.rejects(client.auth.refresh(), { name: 'NetworkError' })
    assert.ok(client.auth.session(), 'as far as is known the session lives')
    for (const [ms, exchanges] of [
      [499, 1],
      [1, 2],
      [1_000, 3],
      [2_000, 4],
      [60_000, 4],
    ] as const) {
      t.mock.timers.tick(ms)
      for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve))
      assert.equal(server.exchanges(), exchanges, `after ${ms} ms more`)
    }
    await client.profile.get()
    assert.deepEqual([server.exchanges(), lost], [4, []])
  })

  it('tells when the server will not give the answer again', async () => {
    let lose = true
    const server = createServer({
      refresh() {
        if (!lose) return undefined
        lose = false
        server.rotate()
        return new TypeError('fetch failed')
      },
    })
    const { client, lost } = await signedIn(server)
    server.expire()
    await assert.rejects(client.auth.refresh(), { name: 'NetworkError' })
    assert.deepEqual(lost, [])
    await assert.rejects(client.profile.get(), { code: 'REFRESH_TOKEN_REUSED' })
    assert.deepEqual(lost, ['REFRESH_TOKEN_REUSED'])
    assert.equal(client.auth.session(), undefined)
    await assert.rejects(client.profile.get(), { code: 'NOT_AUTHENTICATED' })
    assert.equal(lost.length, 1)
  })

  it('goes on with a token that still works when it cannot be renewed', async () => {
    const server = createServer({ refresh: () => new TypeError('fetch failed') })
    const { client, clock, lost } = await signedIn(server)
    clock.advance(850_000)
    assert.deepEqual(await client.profile.get(), { id: 7 })
    assert.deepEqual(lost, [])
  })

  it('is one for all tabs: one of them exchanges, the others take its tokens', async () => {
    const storage = memoryStorage()
    const server = createServer()
    const { client, lost } = await signedIn(server, { storage })
    const tabs = [
      client,
      ...Array.from({ length: 4 }, () => createClient({ baseUrl: 'http://chat', fetch: server.fetch, storage })),
    ]
    server.expire()
    // expire() changed the token in force, not the stored one: every tab meets a 401 at the same time.
    await Promise.all(tabs.map((tab) => tab.profile.get()))
    assert.equal(server.exchanges(), 1)
    assert.deepEqual(lost, [])
  })

  it('tells a tab that another one signed out', async () => {
    const storage = memoryStorage()
    const { client, clock, lost } = await signedIn(createServer(), { storage })
    const { fetch } = fakeFetch(() => ({ status: 204 }))
    await createClient({ baseUrl: 'http://chat', fetch, storage, now: () => clock.now() }).auth.logout()
    await assert.rejects(client.profile.get(), { code: 'NOT_AUTHENTICATED' })
    assert.deepEqual(lost, ['SIGNED_OUT_ELSEWHERE'])
  })

  it('ends here whatever the server says to a sign-out', async () => {
    const server = createServer()
    const { client, lost } = await signedIn(server)
    server.fetch = () => Promise.reject(new TypeError('fetch failed'))
    await client.auth.logout().catch(() => {})
    assert.equal(client.auth.session(), undefined)
    assert.deepEqual(lost, [])
  })

  describe('with the refresh token in a cookie', () => {
    function createCookieServer() {
      let cookie: string | undefined
      const server = fakeFetch(({ path, headers, body }) => {
        if (path === '/profile/me') return { json: { id: 7 } }
        if (path === '/auth/logout') {
          cookie = undefined
          return { status: 204 }
        }
        assert.equal(headers.get('x-token-transport'), 'cookie')
        assert.doesNotMatch(body, /refresh/)
        if (path === '/auth/refresh' && cookie === undefined) return problem(401, 'REFRESH_TOKEN_INVALID')
        const { refresh_token, ...rest } = tokens()
        cookie = refresh_token
        return { json: rest }
      })
      const open = () => createClient({ baseUrl: 'http://chat', fetch: server.fetch, refreshCookie: true })
      return { ...server, open }
    }

    it('the page after takes the session up, and one after a sign-out does not', async () => {
      const server = createCookieServer()
      const first = server.open()
      assert.equal(await first.auth.restore(), undefined)
      const { refresh_token } = await first.auth.login('a@b.c', 'secret')
      assert.equal(refresh_token, null)
      const second = server.open()
      const session = await second.auth.restore()
      assert.equal(session?.user_id, second.auth.session()?.user_id)
      const renewed = await second.auth.refresh()
      assert.notEqual(renewed.access_token, session?.access_token)
      await second.profile.get()
      await second.auth.logout()
      assert.equal(second.auth.session(), undefined)
      assert.equal(await server.open().auth.restore(), undefined)
    })

    it('an account that may not sign in any more is nobody, not a fault', async () => {
      const { fetch } = fakeFetch(() => problem(403, 'ACCOUNT_INACTIVE'))
      assert.equal(await createClient({ baseUrl: 'http://chat', refreshCookie: true, fetch }).auth.restore(), undefined)
    })

    it('a sign-out that does not reach the server is none: the cookie would sign the next page in', async () => {
      const server = createCookieServer()
      let reachable = true
      const fetch: typeof globalThis.fetch = (...asked) =>
        reachable ? server.fetch(...asked) : Promise.reject(new Error('no network'))
      const client = createClient({ baseUrl: 'http://chat', refreshCookie: true, fetch })
      await client.auth.login('a@b.c', 'secret')
      reachable = false
      await assert.rejects(client.auth.logout(), { name: 'NetworkError' })
      assert.ok(client.auth.session())
      reachable = true
      await client.auth.logout()
      assert.equal(client.auth.session(), undefined)
    })

    it('a server that cannot be reached is no sign-out', async () => {
      const client = createClient({
        baseUrl: 'http://chat',
        refreshCookie: true,
        fetch: () => Promise.reject(new Error('no network')),
      })
      await assert.rejects(client.auth.restore(), { name: 'NetworkError' })
    })
  })
})
