import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import { MINSU, startService } from '../../notification-service.fixture.ts'
import type { PushServiceState } from '../../push-service.fixture.ts'

const MINUTE_MS = 60_000
/** Everybody has a device at the push service that fails, half of them one at the other. */
const PEOPLE = 240
/** It is tried again so much later at most. */
const LONGEST_PAUSE_MS = 2 * MINUTE_MS
/** So many are under way to one push service at most. */
const AT_ONCE = 32

describe('a push service that is away for an hour', () => {
  it('keeps nothing from the devices of another; its backlog comes within minutes, newest first, without what is too old', async (t) => {
    const service = await startService(t, { timeoutMs: 400 })
    const failing = service.pushService
    const well = await service.anotherPushService()
    const people = Array.from({ length: PEOPLE }, (_, i) => 10 + i)
    for (const [i, user] of people.entries()) {
      await service.device(user, `failing-${user}`)
      if (i % 2 === 0) await service.device(user, `well-${user}`, 'ko', well)
    }
    const rooms = [1, 2, 3].map((id) => service.room(id, [MINSU, ...people]))

    // Of a notification that is shown somebody reads: what closes it is of no use an hour later.
    const readers = people.slice(0, 40)
    const old = service.room(9, [MINSU, ...readers])
    await old.say(MINSU, '옛날 얘기')
    await service.arrived()
    await failing.become('silent')
    for (const reader of readers) await old.read(reader)
    await service.handled()
    const began = service.clock.now()

    const states: PushServiceState[] = ['silent', 'away', 'nonsense']
    for (const [i, state] of states.entries()) {
      await failing.become(state)
      const before = well.pushed.length
      await rooms[i]!.say(MINSU, `소식 ${i}`)
      await service.handled()
      service.clock.advance(2_000)
      // With no more time than that, and long before the other was given up.
      await eventually(() => {
        const told = well.pushed.slice(before).filter(({ payload }) => payload.tag === `room:${i + 1}`)
        assert.equal(told.length, PEOPLE / 2)
      })
      // Of the hour a third, in which it is tried from time to time.
      for (const until = began + (i + 1) * 20 * MINUTE_MS; service.clock.now() < until;) {
        service.clock.advance(LONGEST_PAUSE_MS + 1_000)
        await turn()
      }
    }
    const { tried, most } = failing.seen()
    assert.ok(most <= AT_ONCE, `${most} connections at once`)
    // Once as many as are under way at a time; then one by one, with pauses of up to two minutes.
    assert.ok(tried >= 10 && tried <= 2 * AT_ONCE + 60, `tried ${tried} times`)
    assert.deepEqual(
      failing.pushed.filter(({ payload }) => payload.tag !== 'room:9'),
      [],
    )

    await failing.become('well')
    const back = service.clock.now()
    const start = failing.pushed.length
    const arrived = () => failing.pushed.slice(start)
    while (arrived().length < 3 * PEOPLE && service.clock.now() - back < 10 * MINUTE_MS) {
      service.clock.advance(LONGEST_PAUSE_MS / 2)
      await turn()
    }
    assert.ok(service.clock.now() - back <= 4 * MINUTE_MS, 'the backlog took longer')
    const tags = arrived().map(({ payload }) => payload.tag)
    assert.equal(new Set(arrived().map(({ device, payload }) => `${device} ${payload.tag}`)).size, 3 * PEOPLE)
    assert.equal(tags.length, 3 * PEOPLE)
    for (const [place, tag] of ['room:3', 'room:2', 'room:1'].entries()) {
      const those = tags.slice(place * PEOPLE, (place + 1) * PEOPLE)
      const strays = those.filter((one) => one !== tag).length
      assert.ok(strays <= AT_ONCE, `${strays} of another time among those of ${tag}`)
    }
    const expired = async () =>
      (await service.metrics.samples()).find(
        ({ name, labels }) => name === 'push_deliveries_total' && labels['outcome'] === 'expired',
      )?.value
    await eventually(async () => assert.equal(await expired(), readers.length), { timeoutMs: 45_000, everyMs: 500 })
    assert.deepEqual(await service.database.pushes.waiting(Number.MAX_SAFE_INTEGER), { rooms: 0, deliveries: 0 })

    /** It was tried, and all that waits for it was put off or told. */
    async function turn(): Promise<void> {
      await eventually(
        async () => assert.equal((await service.database.pushes.waiting(service.clock.now())).deliveries, 0),
        { everyMs: 20 },
      )
    }
  })
})
