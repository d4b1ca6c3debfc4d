import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseEnvelope } from '@bigtech/realtime'
import { eventually } from '@bigtech/testkit'
import { bearer, startService, type Account, type TestService } from '../../user-service.fixture.ts'

const beat = ({ app }: TestService, who: Account) =>
  app.inject({ method: 'POST', url: '/presence/heartbeat', headers: bearer(who) })

type Item = { user_id: number; online: boolean; last_seen_at: string | null }
async function presence({ app }: TestService, who: Account, ids: number[]): Promise<Item[]> {
  const answer = await app.inject({ url: `/presence?user_ids=${ids.join(',')}`, headers: bearer(who) })
  assert.equal(answer.statusCode, 200, answer.body)
  return answer.json()
}

describe('presence', () => {
  it('is visible to friends and oneself only', async (t) => {
    const service = await startService(t)
    const [alice, bob, eve] = [
      await service.account('alice'),
      await service.account('bob'),
      await service.account('eve'),
    ]
    const { relations } = service.db.store
    await relations.addFriends(alice.id, bob.id)
    assert.deepEqual((await beat(service, alice)).json(), { online: true, expires_in: 60 })
    const online = async (who: Account) => (await presence(service, who, [alice.id]))[0]!
    for (const who of [alice, bob]) {
      const item = await online(who)
      assert.equal(item.online, true)
      assert.ok(Math.abs(Date.parse(item.last_seen_at!) - service.clock.now()) < 5_000)
    }
    assert.deepEqual(await online(eve), { user_id: alice.id, online: false, last_seen_at: null })
    await relations.setBlocked(alice.id, bob.id, true)
    assert.deepEqual(await online(bob), { user_id: alice.id, online: false, last_seen_at: null })
  })

  it('tells friends of transitions only, by frame and by event', async (t) => {
    const service = await startService(t)
    const [alice, bob, eve] = [
      await service.account('alice'),
      await service.account('bob'),
      await service.account('eve'),
    ]
    await service.db.store.relations.addFriends(alice.id, bob.id)
    const frames: Item[] = []
    service.broker.subscribe(`user:${bob.id}`, (frame) => {
      const parsed = parseEnvelope(frame)
      if ('frame' in parsed) frames.push(JSON.parse(parsed.frame.json) as Item)
    })
    service.broker.subscribe(`user:${eve.id}`, () => assert.fail('eve is no friend'))
    for (let i = 0; i < 3; i++) await beat(service, alice)
    service.clock.advance(61_000)
    await service.module.turns.presence()
    await service.module.turns.presence()
    await beat(service, alice)
    const offline = await service.app.inject({ method: 'POST', url: '/presence/offline', headers: bearer(alice) })
    assert.equal(offline.statusCode, 204)
    await service.app.inject({ method: 'POST', url: '/presence/offline', headers: bearer(alice) })
    assert.deepEqual(
      frames.map((frame) => frame.online),
      [true, false, true, false],
    )
    const { last_seen_at, ...rest } = frames[1]! as Item & { type: string }
    assert.deepEqual(rest, { type: 'presence', user_id: alice.id, online: false })
    assert.ok(Date.parse(last_seen_at!) < service.clock.now() - 60_000, 'seen at the last heartbeat, not at the sweep')
    const records = await eventually(async () => {
      const all = await service.published('user.online_status')
      assert.equal(all.length, 4)
      return all
    })
    assert.deepEqual(
      records.map((record) => [record.key, record.value['is_online']]),
      [true, false, true, false].map((online) => [String(alice.id), online]),
    )
  })

  it('remembers when a user was last seen over a restart', async (t) => {
    const first = await startService(t)
    const alice = await first.account('alice')
    await beat(first, alice)
    const seen = (await presence(first, alice, [alice.id]))[0]!.last_seen_at
    await first.close()
    const second = await startService(t, { dir: first.dir, clock: first.clock })
    assert.deepEqual(await presence(second, alice, [alice.id]), [
      { user_id: alice.id, online: false, last_seen_at: seen },
    ])
  })

  it('counts who is online, and can be switched off', async (t) => {
    const on = await startService(t)
    await beat(on, await on.account('alice'))
    assert.match(await on.metrics.text(), /online_users_count\{service="user-service"\} 1/)
    const off = await startService(t, { presenceEnabled: false })
    const bob = await off.account('bob')
    assert.equal((await beat(off, bob)).json<{ online: boolean }>().online, false)
    assert.equal((await presence(off, bob, [bob.id]))[0]!.online, false)
  })
})
