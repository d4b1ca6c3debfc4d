import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createStops } from './stops.ts'

test('what was started last is ended first, and whoever asks is told what is waited for', async () => {
  const stops = createStops()
  const seen: (string | undefined)[] = []
  for (const what of ['the store', 'the streams'])
    stops.add(what, async () => {
      await Promise.resolve()
      seen.push(stops.ending())
    })
  assert.equal(stops.ending(), undefined)
  await stops.close()
  await stops.close()
  assert.deepEqual(seen, ['the streams', 'the store'])
  assert.equal(stops.ending(), undefined)
})
