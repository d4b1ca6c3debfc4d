import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bearer, startService, type TestService } from '../../user-service.fixture.ts'

const refresh = ({ app }: TestService, refresh_token: string) =>
  app.inject({ method: 'POST', url: '/auth/refresh', payload: { refresh_token } })
const me = ({ app }: TestService, token: string) => app.inject({ url: '/profile/me', headers: bearer({ token }) })
type Pair = { access_token: string; refresh_token: string }

describe('POST /auth/refresh', () => {
  it('gives a new pair of the same session', async (t) => {
    const service = await startService(t)
    const alice = await service.account('alice')
    const first = await refresh(service, alice.refresh)
    assert.equal(first.statusCode, 200)
    const second = await refresh(service, first.json<Pair>().refresh_token)
    assert.equal(second.statusCode, 200)
    assert.equal((await me(service, second.json<Pair>().access_token)).statusCode, 200)
    const sessions = await service.app.inject({ url: '/auth/sessions', headers: bearer(alice) })
    assert.equal(sessions.json<{ items: unknown[] }>().items.length, 1)
  })

  it('gives the same refresh token again while the answer may have been lost', async (t) => {
    const service = await startService(t)
    const alice = await service.account('alice')
    const lost = (await refresh(service, alice.refresh)).json<Pair>()
    service.clock.advance(29_000)
    const again = await refresh(service, alice.refresh)
    assert.equal(again.statusCode, 200)
    assert.equal(again.json<Pair>().refresh_token, lost.refresh_token)
    assert.equal((await me(service, again.json<Pair>().access_token)).statusCode, 200)
    assert.equal((await refresh(service, lost.refresh_token)).statusCode, 200, 'whichever answer arrived is of use')
  })

  it('a lost answer may be followed by another', async (t) => {
    const service = await startService(t)
    let { refresh: token } = await service.account('alice')
    for (let round = 0; round < 5; round++) {
      await refresh(service, token)
      token = (await refresh(service, token)).json<Pair>().refresh_token
    }
    assert.equal((await refresh(service, token)).statusCode, 200)
  })

  it('ends the session when a used token comes later', async (t) => {
    const service = await startService(t)
    const alice = await service.account('alice')
    const other = await service.signIn(alice.email)
    const pair = (await refresh(service, alice.refresh)).json<Pair>()
    service.clock.advance(30_001)
    const reuse = await refresh(service, alice.refresh)
    assert.equal(reuse.statusCode, 401)
    assert.equal(reuse.json<{ code: string }>().code, 'REFRESH_TOKEN_REUSED')
    assert.equal(
      (await refresh(service, pair.refresh_token)).statusCode,
      401,
      'the thief or the victim: nobody goes on',
    )
    assert.equal((await me(service, pair.access_token)).statusCode, 401, 'not even with the access token')
    assert.equal((await me(service, other.token)).statusCode, 200, 'other sessions stay')
  })

  it('ends the session at once when a used token comes after its successor was used', async (t) => {
    const service = await startService(t)
    const alice = await service.account('alice')
    const pair = (await refresh(service, alice.refresh)).json<Pair>()
    const next = (await refresh(service, pair.refresh_token)).json<Pair>()
    assert.equal((await refresh(service, alice.refresh)).json<{ code: string }>().code, 'REFRESH_TOKEN_REUSED')
    assert.equal((await refresh(service, next.refresh_token)).statusCode, 401)
  })

  it('a copied token is found out when thief and owner go their ways', async (t) => {
    const service = await startService(t)
    const alice = await service.account('alice')
    const thief = (await refresh(service, alice.refresh)).json<Pair>()
    const owner = (await refresh(service, alice.refresh)).json<Pair>()
    service.clock.advance(14 * 60_000)
    assert.equal((await refresh(service, thief.refresh_token)).statusCode, 200)
    service.clock.advance(60_000)
    assert.equal((await refresh(service, owner.refresh_token)).json<{ code: string }>().code, 'REFRESH_TOKEN_REUSED')
    const sessions = await service.db.store.sessions.active(alice.id, service.clock.now())
    assert.deepEqual(sessions, [])
  })

  it('gives all parallel calls with one token the same successor, and one session', async (t) => {
    const service = await startService(t)
    const alice = await service.account('alice')
    const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(service, alice.refresh)))
    assert.deepEqual(
      answers.map((answer) => answer.statusCode),
      answers.map(() => 200),
    )
    const tokens = new Set(answers.map((answer) => answer.json<Pair>().refresh_token))
    assert.equal(tokens.size, 1)
    assert.equal((await refresh(service, [...tokens][0]!)).statusCode, 200)
  })

  it('refuses what it never gave, and what is over', async (t) => {
    const service = await startService(t)
    const alice = await service.account('alice')
    const unknown = await refresh(service, 'x'.repeat(43))
    assert.equal(unknown.statusCode, 401)
    assert.equal(unknown.json<{ code: string }>().code, 'REFRESH_TOKEN_INVALID')
    service.clock.advance(30 * 24 * 3_600_000 + 1)
    assert.equal((await refresh(service, alice.refresh)).statusCode, 401)
  })

  it('slides: a session that is used lives on', async (t) => {
    const service = await startService(t)
    let { refresh: token } = await service.account('alice')
    for (let month = 0; month < 3; month++) {
      service.clock.advance(29 * 24 * 3_600_000)
      const answer = await refresh(service, token)
      assert.equal(answer.statusCode, 200)
      token = answer.json<Pair>().refresh_token
    }
  })

  it('stores no token in clear', async (t) => {
    const service = await startService(t)
    const alice = await service.account('alice')
    const { readFile } = await import('node:fs/promises')
    const bytes = Buffer.concat([
      await readFile(`${service.dir}/user.db`),
      await readFile(`${service.dir}/user.db-wal`).catch(() => Buffer.alloc(0)),
    ])
    assert.ok(bytes.includes('alice@example.com'), 'the right file')
    assert.ok(!bytes.includes(alice.refresh))
  })
})
