import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isKeptNoMore } from './republish-outboxes.ts'

test('who asks for what the outboxes have forgotten is told from when on they have their events', () => {
  const now = Date.parse('2026-01-31T09:00:00Z')
  const since = (time: string) => isKeptNoMore(Date.parse(time), now)
  assert.equal(
    since('2026-01-24T08:59:59Z'),
    'The services keep their events for 7 days: what they told before 2026-01-24T09:00:00.000Z is kept no more.',
  )
  assert.equal(since('2026-01-24T09:00:00Z'), undefined)
  assert.equal(since('2026-01-31T08:00:00Z'), undefined)
})
