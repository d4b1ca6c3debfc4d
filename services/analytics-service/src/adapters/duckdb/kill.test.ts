import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { tempDir } from '@bigtech/testkit'
import { scopeOf, type Scope } from '../../domain/scope.ts'
import { killedEvents } from '../events.fixture.ts'
import { answersOf, batchOf } from '../fact-store.contract.ts'
import { recount } from '../recount.fixture.ts'
import { createDuckdbFactStore } from './fact-store.ts'

const child = fileURLToPath(new URL('./kill-child.fixture.ts', import.meta.url))

for (const acks of [7, 31, 64])
  test(`kill -9 leaves whole batches with their positions, and what is told again changes nothing (${acks})`, async (t) => {
    const file = join(tempDir(t), 'analytics.duckdb')
    const victim = spawn(process.execPath, [child, file], { stdio: ['ignore', 'pipe', 'inherit'] })
    let acknowledged = 0
    let lines = 0
    for await (const line of createInterface({ input: victim.stdout })) {
      acknowledged = Number(line)
      if (++lines === acks) setTimeout(() => victim.kill('SIGKILL'), Math.random() * 30)
    }
    if (victim.exitCode === null && victim.signalCode === null) await once(victim, 'exit')
    assert.equal(victim.signalCode, 'SIGKILL')

    const store = createDuckdbFactStore({ file })
    t.after(() => store.close())
    const [position] = await store.positions()
    const { facts } = await store.totals()
    assert.ok(facts >= acknowledged, `${facts} facts, ${acknowledged} acknowledged`)
    assert.equal(facts, position!.offset, 'facts and position are of one transaction')
    // From before where the bus had committed, as after any kill.
    const all = killedEvents(0, facts + 40)
    await store.write(batchOf(all.slice(Math.max(0, acknowledged - 60))))
    const scope = scopeOf(
      { from: '2026-01-10', to: '2026-01-20', tz: 'Asia/Seoul' },
      Date.parse('2026-02-01T00:00:00Z'),
    )
    assert.deepEqual(await answersOf(store, scope as Scope), recount(all, scope as Scope))
  })
