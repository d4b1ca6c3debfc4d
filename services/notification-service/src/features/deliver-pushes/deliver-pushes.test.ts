import assert from 'node:assert/strict'
import { createECDH } from 'node:crypto'
import { describe, it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import { JIWOO, MINSU, startService } from '../../notification-service.fixture.ts'

type List = { items: { device: string }[] }

describe('a device', () => {
  it('that is gone is forgotten', async (t) => {
    const service = await startService(t)
    await service.device(JIWOO, 'old')
    await service.device(JIWOO, 'new')
    service.pushService.forget('old')
    const room = service.room(1, [MINSU, JIWOO])
    await room.say(MINSU, '안녕')
    assert.deepEqual(
      (await service.arrived()).map(({ device }) => device),
      ['new'],
    )
    const { items } = (await service.call<List>(JIWOO, 'GET', '/notifications/subscriptions')).body
    assert.deepEqual(
      items.map(({ device }) => device),
      ['new'],
    )
  })

  it('whose push service fails is told later: when it says, or after a pause that grows', async (t) => {
    const failures = [{ status: 503 }, { status: 429, headers: { 'retry-after': '600' } }]
    const asked: number[] = []
    const service = await startService(t, {
      push: {
        answer() {
          asked.push(service.clock.now())
          return failures.shift()
        },
      },
    })
    await service.device(JIWOO, 'phone')
    await service.room(1, [MINSU, JIWOO]).say(MINSU, '안녕')
    await service.handled()
    await eventually(() => {
      service.clock.advance(1_000)
      assert.equal(asked.length, 2)
    })
    assert.ok(asked[1]! - asked[0]! <= 60_000)
    // The second answer may have come a step of the clock after the question.
    await eventually(async () => {
      assert.equal((await service.database.pushes.waiting(service.clock.now())).deliveries, 0)
    })
    service.clock.set(asked[1]! + 599_000)
    assert.deepEqual(await service.arrived(0), [])
    assert.equal((await service.arrived(2_000)).length, 1)
  })

  it('whose push service refuses for good is not told, and the operator can know', async (t) => {
    const service = await startService(t, { push: { answer: () => ({ status: 400 }) } })
    await service.device(JIWOO, 'phone')
    await service.room(1, [MINSU, JIWOO]).say(MINSU, '안녕')
    assert.deepEqual(await service.arrived(), [])
    assert.deepEqual(await service.arrived(3_600_000), [])
  })

  it('is told nothing more when its session ends, or somebody else signs in on it', async (t) => {
    const service = await startService(t)
    const { endpoint, keys } = await service.device(JIWOO, 'shared')
    const room = service.room(1, [MINSU, JIWOO])
    await service.call(MINSU, 'PUT', '/notifications/subscriptions', { endpoint, keys, device: 'shared' })
    await room.say(MINSU, '지우에게')
    assert.deepEqual(await service.arrived(), [])
    await room.say(JIWOO, '민수에게')
    assert.equal((await service.arrived(4_000)).length, 1)
    service.revoke(MINSU, `s${MINSU}`)
    await room.say(JIWOO, '다시')
    assert.deepEqual(await service.arrived(4_000), [])
  })

  it('must have a public https address and the keys of a browser', async () => {
    const { createPushSender, newVapidKeys } = await import('../../adapters/index.ts')
    const sender = createPushSender({
      keys: await newVapidKeys(),
      subject: 'mailto:o@example.com',
      allowPrivate: false,
    })
    const p256dh = createECDH('prime256v1').generateKeys('base64url')
    const offCurve = Buffer.concat([Buffer.from([4]), Buffer.alloc(64, 1)]).toString('base64url')
    const auth = Buffer.alloc(16).toString('base64url')
    sender.check({ endpoint: 'https://push.example.com/a', p256dh, auth })
    for (const endpoint of [
      'http://push.example.com/a',
      'https://localhost/a',
      'https://127.0.0.1/a',
      'https://[::1]/a',
      'https://10.0.0.1/a',
      'https://2130706433/a',
      'https://user:pw@push.example.com/a',
      'https://metadata.internal/a',
      'https://printer.local./a',
      'file:///etc/passwd',
      'push',
    ])
      assert.throws(() => sender.check({ endpoint, p256dh, auth }), { code: 'ENDPOINT_NOT_ALLOWED' }, endpoint)
    for (const keys of [
      { p256dh: 'short', auth },
      { p256dh, auth: 'short' },
      { p256dh: auth, auth: p256dh },
      { p256dh: offCurve, auth },
    ])
      assert.throws(() => sender.check({ endpoint: 'https://push.example.com/a', ...keys }), {
        code: 'BAD_SUBSCRIPTION_KEYS',
      })
    const kept = { id: 1, user_id: 1, language: 'ko', device: '', session_id: '', created_at: 0 } as const
    const answer = await sender.send(
      { ...kept, endpoint: 'https://push.example.com/a', p256dh: offCurve, auth },
      '{}',
      {
        ttlS: 1,
        urgency: 'normal',
        topic: 't',
      },
    )
    assert.equal(answer.outcome, 'refused', 'one kept by an older version is no failure of its push service')
  })

  it('is not connected to when its name is one of this network by then', async (t) => {
    const { createPushSender, newVapidKeys } = await import('../../adapters/index.ts')
    const service = await startService(t)
    const sender = createPushSender({
      keys: await newVapidKeys(),
      subject: 'mailto:o@example.com',
      allowPrivate: false,
    })
    const { keys } = service.pushService.subscribe('inside')
    const subscription = {
      id: 1,
      user_id: 1,
      ...keys,
      language: 'ko',
      device: '',
      session_id: '',
      created_at: 0,
    } as const
    // As a name does that its owner has pointed here: resolved when it is connected to.
    const endpoint = service.pushService.origin.replace('127.0.0.1', 'localhost')
    const answer = await sender.send({ ...subscription, endpoint }, '{}', { ttlS: 1, urgency: 'normal', topic: 't' })
    assert.equal(answer.outcome, 'later')
    assert.match((answer as { reason: string }).reason, /not allowed/)
  })
})
