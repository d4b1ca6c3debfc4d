import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import type { OwnProfile } from '../../contract/schemas.ts'
import {
  bearer,
  openInternal,
  PASSWORD,
  startService,
  type Account,
  type TestService,
} from '../../user-service.fixture.ts'

const post = ({ app }: TestService, url: string, payload: object) => app.inject({ method: 'POST', url, payload })
const confirm = (service: TestService, token: string) => post(service, '/auth/email/confirm', { token })
const profileOf = async ({ app }: TestService, who: Account) =>
  (await app.inject({ url: '/profile/me', headers: bearer(who) })).json<OwnProfile>()
const asked = async ({ published }: TestService) =>
  (await published('user.events')).filter(({ value }) => value.event_type === 'UserEmailConfirmationAsked').length

describe('the address of an account', () => {
  it('is confirmed by the token of a mail, as often as it is followed within 24 hours', async (t) => {
    const service = await startService(t)
    const alice = await service.account('alice')
    assert.equal((await profileOf(service, alice)).email_verified, false)
    const box = await service.module.mailbox(alice.id, true)
    assert.deepEqual([box?.email, box?.display_name, box?.email_verified], ['alice@example.com', 'alice', false])
    for (const token of [box!.confirmation_token!, box!.confirmation_token!])
      assert.equal((await confirm(service, token)).statusCode, 204)
    assert.equal((await profileOf(service, alice)).email_verified, true)
    const { confirmation_token, email_verified } = (await service.module.mailbox(alice.id, true))!
    assert.deepEqual([confirmation_token, email_verified], [null, true])
    const told = (await service.published('user.events')).filter(
      ({ value }) => value.event_type === 'UserEmailConfirmed',
    )
    assert.deepEqual(
      told.map(({ value }) => value['user_id']),
      [alice.id],
    )
  })

  it('is not confirmed by a token that is old, or none, or of an account that is no more', async (t) => {
    const service = await startService(t)
    const [alice, bob] = [await service.account('alice'), await service.account('bob')]
    const token = (await service.module.mailbox(alice.id, true))!.confirmation_token!
    const other = (await service.module.mailbox(bob.id, true))!.confirmation_token!
    await service.db.store.credentials.remove(bob.id)
    service.clock.advance(24 * 3_600_000 + 1)
    for (const wrong of [token, other, 'x']) {
      const answer = await confirm(service, wrong)
      assert.deepEqual([answer.statusCode, answer.json<{ code: string }>().code], [400, 'CONFIRMATION_TOKEN_INVALID'])
    }
    assert.equal(await service.module.mailbox(99, true), undefined)
  })

  it('can be asked for again by anybody, who is told nothing; too often, or confirmed, no mail is asked for', async (t) => {
    const service = await startService(t, { attemptLimit: 10 })
    const alice = await service.account('alice')
    const resend = (email: string) => post(service, '/auth/email/resend', { email })
    const [known, unknown] = [await resend('Alice@example.com'), await resend('nobody@example.com')]
    assert.deepEqual([known.statusCode, known.body], [unknown.statusCode, unknown.body])
    assert.equal(known.statusCode, 202)
    await eventually(async () => assert.equal(await asked(service), 1))
    for (let i = 0; i < 5; i++) await resend('alice@example.com')
    await eventually(async () => assert.equal(await asked(service), 3))
    await confirm(service, (await service.module.mailbox(alice.id, true))!.confirmation_token!)
    service.clock.advance(3_600_000)
    await resend('alice@example.com')
    await service.account('bob')
    await eventually(async () => {
      const told = (await service.published('user.events')).map(({ value }) => value['username'])
      assert.ok(told.includes('bob'))
    })
    assert.equal(await asked(service), 3, 'of one that is confirmed')
  })

  it('must be confirmed before anybody signs in, where the operator wants that', async (t) => {
    const service = await startService(t, { mustConfirmEmail: true })
    const payload = { email: 'alice@example.com', username: 'alice', password: PASSWORD }
    const { id } = (await post(service, '/auth/register', payload)).json<{ id: number }>()
    const signIn = (password = PASSWORD) => post(service, '/auth/login/json', { email: payload.email, password })
    const refused = await signIn()
    assert.deepEqual([refused.statusCode, refused.json<{ code: string }>().code], [403, 'EMAIL_NOT_CONFIRMED'])
    assert.equal((await signIn('wrong')).statusCode, 401, 'who does not know the password is told nothing')
    await confirm(service, (await service.module.mailbox(id, true))!.confirmation_token!)
    assert.equal((await signIn()).statusCode, 200)
    await service.admin('root')
  })

  it('of the demo counts as confirmed, and no other does', async (t) => {
    const service = await startService(t, { mustConfirmEmail: true, confirmedDomain: 'demo.local' })
    for (const [email, status] of [
      ['demo@demo.local', 200],
      ['other@not-demo.local', 403],
    ] as const) {
      await post(service, '/auth/register', { email, username: email.split('@')[0], password: PASSWORD })
      assert.equal((await post(service, '/auth/login/json', { email, password: PASSWORD })).statusCode, status, email)
    }
    const boxes = [await service.module.mailbox(1, true), await service.module.mailbox(2, true)]
    assert.deepEqual(
      boxes.map((box) => box?.email),
      [undefined, 'other@not-demo.local'],
    )
  })

  it('is told to services that ask with their token, and to nobody else', async (t) => {
    const service = await startService(t)
    const alice = await service.account('alice')
    const { internal, tokens } = await openInternal(t, service)
    const ask = (url: string, headers: Record<string, string>) =>
      internal.inject({ method: 'POST', url, payload: { with_token: false }, headers })
    const authorization = tokens.authorization('user-service')
    assert.equal((await ask(`/internal/users/${alice.id}/mailbox`, {})).statusCode, 401)
    const answer = await ask(`/internal/users/${alice.id}/mailbox`, { authorization })
    assert.deepEqual(answer.json(), {
      email: 'alice@example.com',
      display_name: 'alice',
      email_verified: false,
      confirmation_token: null,
    })
    assert.equal((await ask('/internal/users/99/mailbox', { authorization })).statusCode, 404)
  })
})
