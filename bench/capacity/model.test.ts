import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import type { Costs } from './costs.ts'
import { planOf, USUAL, type Demand } from './model.ts'
import { demandOf } from './options.ts'

const COSTS: Costs = {
  message: 100,
  delivery: 5,
  mysql: 200,
  redis: 20,
  kafka: 30,
  heard: 0.2,
  announcement: 5,
  connection: 12,
  process: 200 * 1_024,
  stored: 1_000,
}

const demand: fc.Arbitrary<Demand> = fc.record({
  // Of more connections the processes are so many that they do nothing but hear of each other.
  users: fc.integer({ min: 1, max: 1e6 }),
  online: fc.double({ min: 0, max: 1, noNaN: true }),
  devices: fc.double({ min: 0, max: 3, noNaN: true }),
  peakMessages: fc.integer({ min: 0, max: 200_000 }),
  recipients: fc.integer({ min: 0, max: 20 }),
  peakToAverage: fc.constant(4),
  keepDays: fc.nat(1_000),
  utilization: fc.double({ min: 0.4, max: 0.9, noNaN: true }),
  coreSpeed: fc.constant(1),
  replicas: fc.constant(3),
})

suite('capacity', () => {
  test('an example by hand', () => {
    const plan = planOf({ ...USUAL, users: 1e6, peakMessages: 10_000, recipients: 4, utilization: 0.5 }, COSTS)
    // 240,000 connections in processes of 20,000; 10,000 messages at 100 µs and 40,000 deliveries at 5 µs are 1.2 cores.
    assert.deepEqual([plan.connections, plan.processes, plan.decidedBy], [240_000, 12, 'connections'])
    assert.equal(plan.partitions, 10)
    assert.equal(plan.mysqlCores, 4)
    assert.equal(plan.stored.toFixed(3), ((2_500 * 86_400 * 365 * 1_000) / 1_024 ** 4).toFixed(3))
  })

  test('its processes are enough for what is asked, and one less would not be', () => {
    fc.assert(
      fc.property(demand, (asked) => {
        const plan = planOf(asked, COSTS)
        const cores = (asked.peakMessages * COSTS.message + plan.deliveries * COSTS.delivery) / 1e6
        const spent = (processes: number) => cores / processes + plan.hearing
        assert.ok(spent(plan.processes) <= asked.utilization + 1e-9)
        assert.ok(plan.connections <= plan.processes * 20_000)
        if (plan.decidedBy === 'processor') assert.ok(spent(plan.processes - 1) > asked.utilization)
        assert.ok(plan.partitions >= 10 && plan.messagesInDocument <= 160)
      }),
    )
  })

  test('where hearing of others alone fills a process, there is no answer', () => {
    assert.throws(() => planOf({ ...USUAL, peakMessages: 5e6 }, COSTS), /nothing but hear/)
  })

  test('options: numbers as JavaScript writes them, within bounds', () => {
    assert.equal(demandOf({ users: '10e6' }).users, 1e7)
    for (const wrong of ['x', '', '-1', '1e99', 'NaN'])
      assert.throws(() => demandOf({ users: wrong }), /--users must be a number from 1/)
  })

  test('the command says what is wrong and ends with 2', () => {
    const run = (...args: string[]) =>
      spawnSync(process.execPath, [join(import.meta.dirname, '../capacity.ts'), ...args], { encoding: 'utf8' })
    const { status, stderr } = run('--online', '3')
    assert.equal(status, 2)
    assert.match(stderr, /--online must be a number from 0 to 1, not '3'/)
    assert.equal(run('--nodes').status, 2)
  })
})
