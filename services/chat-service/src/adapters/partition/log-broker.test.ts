import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { Announcement } from '@bigtech/partition-log'
import { createMemoryBroker, type Broker } from '@bigtech/realtime'
import { createLogBroker } from './log-broker.ts'
import type { Chat } from './shape.ts'

const announcement = (p: number, n: number): Announcement<Chat> => ({
  p,
  n,
  at: n,
  heads: [[p, n]],
  control: [],
  floor: undefined,
})

suite('what is told of the log between processes', () => {
  test('each hears of every partition once, what it tells itself too', () => {
    const frames = createMemoryBroker()
    const [one, other] = [createLogBroker<Chat>(frames, 3), createLogBroker<Chat>(frames, 3)]
    const [heard, there]: Announcement<Chat>[][] = [[], []]
    one.onAnnouncement((told) => void heard!.push(told))
    other.onAnnouncement((told) => void there!.push(told))
    one.announce(announcement(2, 7))
    other.announce(announcement(0, 8))
    const asJson = (told: unknown) => JSON.parse(JSON.stringify(told)) as unknown
    assert.deepEqual(asJson(heard), asJson([announcement(2, 7), announcement(0, 8)]))
    assert.deepEqual(asJson(there), asJson(heard))
  })

  test('entries are heard where somebody listens to their room, until they do not', () => {
    const frames = createMemoryBroker()
    const [one, other] = [createLogBroker<Chat>(frames, 1), createLogBroker<Chat>(frames, 1)]
    const heard: number[] = []
    const listen = (broker: typeof one) => broker.onFrame(5, ({ n }) => void heard.push(n))
    const subscriptions = [listen(one), listen(other)]
    one.publish({ p: 0, n: 1, room: 5, entries: [] })
    one.publish({ p: 0, n: 2, room: 6, entries: [] })
    assert.deepEqual(heard, [1, 1])
    for (const { stop } of subscriptions) stop()
    one.publish({ p: 0, n: 3, room: 5, entries: [] })
    assert.deepEqual(heard, [1, 1])
  })

  test('one who cannot reach the others hears itself all the same', () => {
    const away: Broker = {
      publish: () => {},
      subscribe: () => ({ effective: new Promise(() => {}), stop: () => {} }),
    }
    const broker = createLogBroker<Chat>(away, 1)
    let wakes = 0
    broker.onWake(() => wakes++)
    broker.wake()
    assert.equal(wakes, 1)
  })
})
