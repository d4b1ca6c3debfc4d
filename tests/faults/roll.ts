import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { startBalancer } from '../support/balancer.ts'
import { spawnDistributed, type DistributedOptions } from '../support/distributed-processes.ts'
import { assertNothingLost } from './afterwards.ts'
import { startLoad } from './load.ts'

/** Replaces every process under load, one after the other: what the SDK repeats succeeds, and no event is lost. */
export async function rollUnderLoad(t: TestContext, run?: DistributedOptions['run']): Promise<void> {
  const { processes } = await spawnDistributed(t, { env: { FRIEND_REQUESTS_PER_DAY: '100000' }, ...(run && { run }) })
  const gateways = processes.filter(({ role }) => role === 'gateway')
  const balancer = await startBalancer(
    t,
    gateways.map(({ url }) => url),
  )
  const load = await startLoad(balancer)
  for (const each of processes) {
    const before = load.done()
    const began = performance.now()
    const { code } = await each.program().kill('SIGTERM')
    assert.equal(code, 0, `${each.name} ended with ${code}: ${each.program().output()}`)
    const ended = performance.now()
    await each.start()
    t.diagnostic(
      `${each.name}: ended in ${Math.round(ended - began)} ms, back after ${Math.round(performance.now() - ended)}; ${load.done() - before} calls meanwhile, ${load.failures.length} failures`,
    )
  }
  await load.stop()
  assert.deepEqual(load.failures, [])
  await assertNothingLost(load, 10_000)
}
