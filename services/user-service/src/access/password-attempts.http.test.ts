import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bearer, mailedToken, PASSWORD, startService, type Account, type TestService } from '../user-service.fixture.ts'

const WRONG = 'wrong-password'
/** Never seen before, each another network. */
const elsewhere = (n: number) => `198.51.${Math.floor(n / 250)}.${n % 250}`

const login = ({ app }: TestService, account: string, password: string, ip = '203.0.113.1') =>
  app.inject({
    method: 'POST',
    url: '/auth/login/json',
    payload: { email: account, password },
    headers: { 'x-forwarded-for': ip },
  })
const form = ({ app }: TestService, username: string, password: string, ip = '203.0.113.1') =>
  app.inject({
    method: 'POST',
    url: '/auth/login',
    payload: new URLSearchParams({ username, password }).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-forwarded-for': ip },
  })
const changePassword = ({ app }: TestService, who: Account, current_password: string, ip = '203.0.113.1') =>
  app.inject({
    method: 'POST',
    url: '/auth/password',
    payload: { current_password, new_password: 'brand-new-1' },
    headers: { ...bearer(who), 'x-forwarded-for': ip },
  })
const close = ({ app }: TestService, who: Account, password: string, ip = '203.0.113.1') =>
  app.inject({
    method: 'DELETE',
    url: '/users/me',
    payload: { password },
    headers: { ...bearer(who), 'x-forwarded-for': ip },
  })
const forgot = ({ app }: TestService, email: string, ip = '203.0.113.1') =>
  app.inject({ method: 'POST', url: '/auth/password/forgot', payload: { email }, headers: { 'x-forwarded-for': ip } })

/** Wrong passwords, each from an address of its own, until one is told to wait. @returns seconds */
async function untilItWaits(service: TestService, account: string, from: number): Promise<number> {
  for (let n = from; n < from + 50; n++) {
    const answer = await login(service, account, WRONG, elsewhere(n))
    if (answer.statusCode === 429) return Number(answer.headers['retry-after'])
    assert.equal(answer.statusCode, 401)
  }
  return assert.fail('no attempt had to wait')
}

describe('attempts at a password', () => {
  it('are those at one account, however its name is spelled and whichever door is used', async (t) => {
    const service = await startService(t)
    const jiu = await service.account('이지우Ä')
    const doors = [
      () => login(service, jiu.email, WRONG),
      () => login(service, ` ${jiu.email.toUpperCase()}`, WRONG),
      () => form(service, jiu.username.normalize('NFD'), WRONG),
      () => changePassword(service, jiu, WRONG),
      () => close(service, jiu, WRONG),
    ]
    const statuses: number[] = []
    for (const door of doors) statuses.push((await door()).statusCode)
    assert.deepEqual(statuses, [401, 401, 401, 400, 400])
    for (const door of [...doors, () => form(service, jiu.username.toLowerCase(), PASSWORD)])
      assert.equal((await door()).statusCode, 429)
  })

  it('are limited the same way where there is no account', async (t) => {
    const service = await startService(t)
    const { email } = await service.account('alice')
    const seen = async (account: string) => {
      const answers = []
      for (let i = 0; i < 7; i++) answers.push(await login(service, account, WRONG, '203.0.113.50'))
      for (let i = 0; i < 14; i++) answers.push(await login(service, account, WRONG, elsewhere(i)))
      return answers.map(({ statusCode, headers }) => [statusCode, headers['ratelimit-remaining']])
    }
    const [known, unknown] = [await seen(email), await seen('nobody@example.com')]
    assert.deepEqual(known, unknown)
    assert.deepEqual(known.at(-1), [429, '4'])
  })

  it('from many addresses make the next ones wait longer and longer, but never for long', async (t) => {
    const service = await startService(t)
    const { email } = await service.account('alice')
    const waits: number[] = []
    for (let round = 0; round < 12; round++) {
      const seconds = await untilItWaits(service, email, round * 50)
      waits.push(seconds)
      // Who is refused does not prolong it.
      assert.equal(await untilItWaits(service, email, round * 50 + 49), seconds)
      service.clock.advance(seconds * 1_000)
    }
    assert.deepEqual(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300])
    assert.equal((await login(service, email, PASSWORD, elsewhere(999))).statusCode, 200)
    assert.equal((await login(service, email, WRONG, elsewhere(998))).statusCode, 401, 'a success clears them')
  })

  it('of others do not keep out the owner where they signed in before, or are signed in', async (t) => {
    const service = await startService(t)
    const alice = await service.account('alice')
    const home = '2001:db8:1:2::77'
    assert.equal((await login(service, alice.email, PASSWORD, home)).statusCode, 200)
    await service.app.inject({ method: 'POST', url: '/auth/logout', headers: bearer(alice) })
    const again = await service.signIn(alice.email)
    await untilItWaits(service, alice.email, 0)
    assert.equal((await login(service, alice.email, PASSWORD, '203.0.113.77')).statusCode, 429)
    assert.equal((await login(service, alice.email, PASSWORD, '2001:db8:1:2::99')).statusCode, 200, 'the same network')
    await untilItWaits(service, alice.email, 50)
    assert.equal((await changePassword(service, again, PASSWORD, elsewhere(500))).statusCode, 204)
  })

  it('by the thief of a session wait too, wherever they come from', async (t) => {
    const service = await startService(t)
    const alice = await service.account('alice')
    const statuses: number[] = []
    for (let n = 0; n < 12; n++) statuses.push((await changePassword(service, alice, WRONG, elsewhere(n))).statusCode)
    assert.deepEqual(statuses, [...Array.from({ length: 10 }, () => 400), 429, 429])
  })

  it('are forgiven to the owner who proved themselves by mail', async (t) => {
    const service = await startService(t)
    const { email } = await service.account('alice')
    await forgot(service, email)
    const token = await mailedToken(service)
    await untilItWaits(service, email, 0)
    const payload = { token, new_password: 'brand-new-1' }
    assert.equal((await service.app.inject({ method: 'POST', url: '/auth/password/reset', payload })).statusCode, 204)
    assert.equal((await login(service, email, 'brand-new-1', '203.0.113.200')).statusCode, 200)
  })

  it('at many accounts from one address are limited, and only the failures', async (t) => {
    const service = await startService(t)
    const { email } = await service.account('alice')
    for (let i = 0; i < 60; i++) assert.equal((await login(service, email, PASSWORD)).statusCode, 200)
    for (let i = 0; i < 40; i++) assert.equal((await login(service, `person${i}@example.com`, WRONG)).statusCode, 401)
    assert.equal((await login(service, 'person41@example.com', WRONG)).statusCode, 429)
    assert.equal((await login(service, 'person41@example.com', WRONG, '203.0.113.2')).statusCode, 401)
  })

  it('a mailbox is not filled from many addresses, and the answer does not tell', async (t) => {
    const service = await startService(t)
    const { email } = await service.account('alice')
    const ask = async (address: string) => {
      const answers = []
      for (let n = 0; n < 8; n++) answers.push(await forgot(service, address, elsewhere(n)))
      return answers.map(({ statusCode, body }) => [statusCode, body])
    }
    assert.deepEqual(await ask(email.toUpperCase()), await ask('nobody@example.com'))
    service.clock.advance(60_000)
    assert.equal((await forgot(service, email, elsewhere(99))).statusCode, 202)
    await service.close()
    assert.equal((await service.mails()).length, 4)
  })

  it('reset mails to many accounts from one address are limited', async (t) => {
    const service = await startService(t)
    const statuses = []
    for (let i = 0; i < 42; i++) statuses.push((await forgot(service, `person${i}@example.com`)).statusCode)
    assert.deepEqual(statuses, [...Array.from({ length: 40 }, () => 202), 429, 429])
  })
})
