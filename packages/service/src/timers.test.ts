import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { createLogger } from '@bigtech/telemetry'
import { createTestClock } from '@bigtech/testkit'
import type { Leases } from './leases.ts'
import { createTimers } from './timers.ts'

/** Leases of several processes in one. */
function sharedLeases(): Leases {
  const held = new Map<string, { owner: string; until: number }>()
  return {
    async hold({ name, owner, ttlMs, now }) {
      const found = held.get(name)
      if (found && found.owner !== owner && found.until > now) return false
      held.set(name, { owner, until: now + ttlMs })
      return true
    },
    async release({ name, owner }) {
      if (held.get(name)?.owner === owner) held.delete(name)
    },
  }
}

function open(t: TestContext) {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const clock = createTestClock()
  const leases = sharedLeases()
  const logger = createLogger({ level: 'silent' })
  const ran: string[] = []
  const node = (owner: string, where?: 'once') => {
    const timers = createTimers(logger, { leases, owner, clock })
    timers.every(1_000, 'sweep', async () => void ran.push(owner), where)
    return timers
  }
  const pass = async (ms: number) => {
    for (let at = 0; at < ms; at += 1_000) {
      clock.advance(1_000)
      t.mock.timers.tick(1_000)
      for (let turn = 0; turn < 10; turn++) await Promise.resolve()
    }
  }
  return { node, pass, ran }
}

test('each process does its own, but what is done once is done by one', async (t) => {
  const { node, pass, ran } = open(t)
  const each = [node('a'), node('b')]
  await pass(2_000)
  assert.deepEqual(ran.splice(0).toSorted(), ['a', 'a', 'b', 'b'])
  await Promise.all(each.map((timers) => timers.close()))
  node('c', 'once')
  node('d', 'once')
  await pass(3_000)
  assert.deepEqual(ran, ['c', 'c', 'c'])
})

test('who stops leaves it to the others at once', async (t) => {
  const { node, pass, ran } = open(t)
  const first = node('a', 'once')
  node('b', 'once')
  await pass(1_000)
  await first.close()
  await pass(1_000)
  assert.deepEqual(ran, ['a', 'b'])
})

test('a lease whose store is away is a turn that is left out', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  let ran = 0
  let away = true
  const leases: Leases = {
    hold: async () => {
      if (away) throw new Error('away')
      return true
    },
    release: async () => {},
  }
  const timers = createTimers(createLogger({ level: 'silent' }), { leases })
  timers.every(1_000, 'sweep', async () => void ran++, 'once')
  const turn = async () => {
    t.mock.timers.tick(1_000)
    for (let n = 0; n < 10; n++) await Promise.resolve()
  }
  await turn()
  assert.equal(ran, 0)
  away = false
  await turn()
  assert.equal(ran, 1)
  await timers.close()
})
