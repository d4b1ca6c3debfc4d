import assert from 'node:assert/strict'
import { it } from 'node:test'
import { collectStartupGarbage } from './startup-garbage.ts'

it('what nothing holds any more is given back', async () => {
  let garbage: number[][] | undefined = Array.from({ length: 100 }, () => Array.from({ length: 50_000 }, Math.random))
  const before = process.memoryUsage().heapUsed
  assert.ok(garbage.length === 100 && before > 30e6)
  garbage = undefined
  await collectStartupGarbage()
  const freed = before - process.memoryUsage().heapUsed
  assert.ok(freed > 30e6, `${Math.round(freed / 1e6)} MB were given back`)
})
