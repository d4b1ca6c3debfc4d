import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { FAULTS } from './faults.ts'
import { runSchedules } from './run.ts'
import { World } from './world.ts'

/** Each fault is found within so many schedules, from the first on. */
const ENOUGH = 10_000

suite('simulated partition log', () => {
  test('no schedule breaks a promise', async () => {
    const { schedules, broken } = await runSchedules({ seed: 1, schedules: 2_000 })
    assert.equal(schedules, 2_000)
    assert.deepEqual(broken, [])
  })

  test('a seed makes the same schedule again, whatever ran before', async () => {
    const run = async (seed: number) => {
      const world = new World(seed, FAULTS['no-dedupe'])
      while (world.step()) await new Promise<void>((resolve) => process.nextTick(resolve))
      return { steps: world.steps, violations: world.violations }
    }
    const first = []
    for (let seed = 1; seed <= 50; seed++) first.push(await run(seed))
    assert.ok(first.some(({ violations }) => violations.length > 0))
    for (let seed = 50; seed >= 1; seed--) assert.deepEqual(await run(seed), first[seed - 1])
  })

  for (const [name, fault] of Object.entries(FAULTS))
    test(`${name} is found out, and its seed shows it again`, async () => {
      const { broken } = await runSchedules({ seed: 1, schedules: ENOUGH, fault, isFirstEnough: true })
      assert.equal(broken.length, 1, `nothing in ${ENOUGH} schedules`)
      const { seed } = broken[0]!
      const again = await runSchedules({ seed, schedules: 1, fault })
      assert.deepEqual(again.broken, broken)
      assert.deepEqual((await runSchedules({ seed, schedules: 1 })).broken, [], 'without the fault it is well')
    })
})
