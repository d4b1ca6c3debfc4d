import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Broker } from './broker.ts'
import { createLayeredBroker } from './layered-broker.ts'
import { createMemoryBroker } from './memory-broker.ts'

test('both are heard, the shared one is spoken to, and one that cannot be reached is not waited for', async () => {
  const local = createMemoryBroker()
  const shared = createMemoryBroker()
  const away: Broker = {
    publish: (...frame) => shared.publish(...frame),
    subscribe: (...asked) => ({ ...shared.subscribe(...asked), effective: new Promise(() => {}) }),
  }
  const broker = createLayeredBroker(local, away)
  const [heard, told]: string[][] = [[], []]
  shared.subscribe('room:1', (frame) => void told!.push(frame))
  const subscription = broker.subscribe('room:1', (frame) => void heard!.push(frame))
  await subscription.effective
  local.publish('room:1', 'a')
  shared.publish('room:1', 'b')
  broker.publish('room:1', 'c')
  assert.deepEqual(heard, ['a', 'b', 'c'])
  assert.deepEqual(told, ['b', 'c'])
  subscription.stop()
  local.publish('room:1', 'd')
  shared.publish('room:1', 'e')
  assert.deepEqual(heard, ['a', 'b', 'c'])
})
