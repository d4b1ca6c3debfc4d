import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from '@bigtech/testkit'
import type { Context } from './context.ts'
import type { LogDocument, Shape } from './document.ts'
import { Feed } from './feed.ts'
import { createMemoryBroker, createMemoryLog } from './memory.fixture.ts'
import { RULES } from './rules.ts'
import { DEFAULTS } from './settings.ts'
import { systemRuntime } from './system-runtime.ts'

const document = (n: number): LogDocument<Shape> => ({ p: 0, n, term: 1, at: n * 10, by: `${n}`, entries: [] })

test('a process that is told nothing takes no floor for more than it has seen, when the projections are set back', async (t) => {
  const log = createMemoryLog<Shape>()
  for (let n = 1; n <= 4; n++) await log.append(document(n))
  let applied = 2
  const ports = {
    log,
    broker: createMemoryBroker<Shape>(),
    projections: { positions: async () => [{ n: applied, at: applied * 10 }] },
    runtime: systemRuntime,
  } as unknown as Context<Shape>['ports']
  const rooms = {
    take: () => undefined,
    takeAgain: () => undefined,
    have: () => true,
    reached: async () => undefined,
    lost: () => undefined,
  }
  const feed = new Feed({ node: 'a#1', ports, settings: { ...DEFAULTS, partitions: 1 }, rules: RULES }, rooms)
  t.after(() => feed.stop())
  await feed.start()
  assert.equal(feed.token, 20)
  // The owner has applied and told 3 and 4, which nobody here heard, and promised that nothing more comes up to 100.
  for (applied of [1, 2, 3]) {
    await feed.tick([100])
    assert.ok(feed.token <= applied * 10 || feed.token <= 20, `${feed.token} with ${applied} applied`)
  }
  applied = 4
  await eventually(async () => {
    await feed.tick([100])
    assert.equal(feed.token, 100)
  })
})
