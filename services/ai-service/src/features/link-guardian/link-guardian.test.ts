import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { FriendRemoved, UserBlocked } from '@bigtech/friend-service/contract'
import { behind } from '@bigtech/messaging/testing'
import { eventually } from '@bigtech/testkit'
import { UserClosed } from '@bigtech/user-service/contract'
import { EMMA, HARIN, JIWOO, MINSU, startService } from '../../ai-service.fixture.ts'
import { consentUrl, link, share, type Link, type Problem, type Service } from '../../guardians.fixture.ts'

type Consents = { items: { kind: string; subject: string; text: string; given_at: string | null }[] }

const ask = (service: Service, by: number, user_id: number, role = 'guardian') =>
  service.call<Link & Problem>(by, 'POST', '/care/links', { user_id, role })
const linksOf = async (service: Service, who: number) =>
  (await service.call<{ items: Link[] }>(who, 'GET', '/care/links')).body.items
const offered = async (service: Service, who: number) =>
  (await service.call<Consents>(who, 'GET', '/care/consents')).body.items

describe('care links', () => {
  it('are asked for by either, seen by both and accepted by the other; by themselves they share nothing', async (t) => {
    const service = await startService(t)
    const { status, body } = await ask(service, MINSU, JIWOO, 'senior')
    assert.deepEqual([status, body.senior_id, body.guardian_id, body.state], [201, JIWOO, MINSU, 'asked'])
    assert.equal((await ask(service, MINSU, JIWOO, 'senior')).status, 200, 'again')
    for (const who of [MINSU, EMMA]) {
      const refused = await service.call<Problem>(who, 'POST', `/care/links/${body.id}/accept`)
      assert.deepEqual([refused.status, refused.body.code], [404, 'CARE_LINK_NOT_FOUND'])
    }
    assert.equal((await service.call(JIWOO, 'POST', `/care/links/${body.id}/accept`)).status, 200)
    for (const who of [MINSU, JIWOO]) {
      const [one] = await linksOf(service, who)
      assert.deepEqual([one!.state, one!.shares], ['accepted', { trends: false, crisis: false, needs_renewal: false }])
    }
    assert.deepEqual(await linksOf(service, EMMA), [])
    await share(service, JIWOO, MINSU, ['guardian'])
    assert.deepEqual((await linksOf(service, MINSU))[0]!.shares, { trends: true, crisis: false, needs_renewal: false })
    const told = (await service.published()).map(({ value: { event_type } }) => event_type)
    assert.deepEqual(told, ['CareLinkAsked', 'CareLinkGranted', 'CareConsentChanged'])
  })

  it('are among friends only, whatever becomes of that while one asks or answers', async (t) => {
    const service = await startService(t)
    const [yes, no] = [async () => true, async () => false]
    service.friends.answer = no
    assert.deepEqual([(await ask(service, MINSU, JIWOO)).status, (await ask(service, MINSU, JIWOO)).body.code], [403, 'NOT_A_FRIEND']) // prettier-ignore
    assert.equal((await ask(service, MINSU, MINSU)).body.code, 'SELF_CARE_LINK')
    const answers = [true, false]
    service.friends.answer = async () => answers.shift()!
    assert.equal((await ask(service, MINSU, JIWOO)).body.code, 'NOT_A_FRIEND', 'no friend any more once it is written')
    assert.deepEqual(await linksOf(service, JIWOO), [])
    service.friends.answer = yes
    const { id } = (await ask(service, MINSU, JIWOO)).body
    service.friends.answer = no
    assert.equal((await service.call(JIWOO, 'POST', `/care/links/${id}/accept`)).status, 403)
    answers.push(true, false)
    service.friends.answer = async () => answers.shift()!
    assert.equal((await service.call(JIWOO, 'POST', `/care/links/${id}/accept`)).status, 403)
    assert.deepEqual(await linksOf(service, MINSU), [])
    const [first] = (await service.published()).filter(({ value: { event_type } }) => event_type === 'CareLinkAsked')
    assert.equal(first!.value['asked_by'], MINSU)
  })

  it('end by either, and with the friendship, a block or an account; so do the consents', async (t) => {
    const service = await startService(t)
    const isOver = () =>
      eventually(async () => {
        assert.deepEqual(await linksOf(service, MINSU), [])
        assert.deepEqual(await service.consents.open(MINSU), [])
      })
    const begin = async () => {
      const id = await link(service, MINSU, JIWOO)
      await share(service, MINSU, JIWOO)
      assert.equal((await service.consents.open(MINSU)).length, 2)
      return id
    }
    const id = await begin()
    assert.equal((await service.call<Problem>(EMMA, 'DELETE', `/care/links/${id}`)).body.code, 'CARE_LINK_NOT_FOUND')
    assert.equal((await service.call(JIWOO, 'DELETE', `/care/links/${id}`)).status, 204)
    await isOver()
    for (const event of [
      FriendRemoved.make({ user_id: JIWOO, friend_user_id: MINSU }, { clock: service.clock }),
      UserBlocked.make({ user_id: MINSU, blocked_user_id: JIWOO }, { clock: service.clock }),
      UserClosed.make({ user_id: JIWOO, saga_id: 's' }),
    ]) {
      await begin()
      await service.bus.publish([event])
      await isOver()
    }
  })

  it('that were made since outlive the end of a friendship that is told late', async (t) => {
    const service = await startService(t)
    await link(service, MINSU, JIWOO)
    await link(service, EMMA, JIWOO)
    const now = service.clock.now()
    const removed = (friend_user_id: number, now: number) =>
      FriendRemoved.make({ user_id: JIWOO, friend_user_id }, { now })
    await service.bus.publish([removed(MINSU, now - 3_600_000), removed(EMMA, now)])
    await eventually(async () => assert.deepEqual(await behind(service.bus), []))
    assert.deepEqual(await linksOf(service, EMMA), [])
    assert.equal((await linksOf(service, MINSU)).length, 1)
  })
})

describe('consents with a subject', () => {
  it('are offered for each guardian and each cloud, and for nobody else', async (t) => {
    const service = await startService(t, { speechAt: 'speech.example.com' })
    await link(service, MINSU, JIWOO)
    const all = (await offered(service, MINSU)).map(({ kind, subject }) => [kind, subject])
    const cloud = ['cloud', 'speech.example.com']
    assert.deepEqual(all, [['analysis', ''], cloud, ['guardian', `${JIWOO}`], ['crisis_notice', `${JIWOO}`]])
    const own = (await offered(service, JIWOO)).map(({ kind }) => kind)
    assert.deepEqual(own, ['analysis', 'cloud'], 'a guardian shares nothing of their own')
    const words = (await offered(service, MINSU)).find(({ kind }) => kind === 'cloud')!
    assert.match(words.text, /Google\(speech\.example\.com\)/)
    const give = (kind: string, subject: string | number) =>
      service.call<Problem & { given_at: string }>(MINSU, 'PUT', `/care/consents/${kind}?subject=${subject}`, {
        version: 1,
      })
    assert.ok((await give('cloud', 'speech.example.com')).body.given_at)
    for (const [kind, subject, status, code] of [
      ['cloud', 'other.example.com', 404, 'CONSENT_NOT_OFFERED'],
      ['analysis', 'x', 404, 'CONSENT_NOT_OFFERED'],
      ['guardian', '', 404, 'CONSENT_NOT_OFFERED'],
      ['guardian', '9007199254740993', 404, 'CONSENT_NOT_OFFERED'],
      ['guardian', EMMA, 409, 'NO_CARE_LINK'],
      ['crisis_notice', MINSU, 409, 'NO_CARE_LINK'],
    ] as const) {
      const refused = await give(kind, subject)
      assert.deepEqual([refused.status, refused.body.code], [status, code], `${kind} ${subject}`)
    }
  })

  it('can be withdrawn at any time, each on its own, even when no more may be given', async (t) => {
    const service = await startService(t)
    await link(service, MINSU, JIWOO)
    await share(service, MINSU, JIWOO)
    let last = 200
    for (let i = 0; i < 60 && last === 200; i++)
      last = (await service.call(MINSU, 'PUT', consentUrl('guardian', JIWOO), { version: 1 })).status
    assert.equal(last, 429)
    assert.equal((await service.agree(HARIN)).status, 200, 'of others')
    assert.equal((await service.call(MINSU, 'DELETE', consentUrl('guardian', JIWOO))).status, 204)
    assert.equal((await service.call(MINSU, 'DELETE', '/care/consents/guardian?subject=nobody')).status, 204)
    assert.deepEqual((await linksOf(service, JIWOO))[0]!.shares, { trends: false, crisis: true, needs_renewal: false })
  })
})
