import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createPauses } from './pauses.ts'

it('a pause the server asked for is kept, though the connection is back; the rest of it is not', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const pauses = createPauses(() => 1, new AbortController().signal)
  let over = false
  const pause = pauses.pause(10, 7_000).then(() => (over = true))
  const settled = () => new Promise((resolve) => setImmediate(resolve))
  t.mock.timers.tick(6_999)
  pauses.wake()
  await settled()
  assert.equal(over, false)
  t.mock.timers.tick(1)
  await settled()
  assert.equal(over, false, 'not all of a crowd comes back in the same moment')
  pauses.wake()
  await pause
  assert.equal(over, true)
})
