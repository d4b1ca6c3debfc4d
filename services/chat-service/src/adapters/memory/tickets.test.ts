import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createTestClock } from '@bigtech/testkit'
import { createMemoryTickets } from './tickets.ts'

const holder = { user_id: 1, session_id: 's', role: 'user' } as const

it('a ticket is good once, for a minute', async () => {
  const clock = createTestClock()
  const tickets = createMemoryTickets(clock, () => false)
  const first = await tickets.issue(holder)
  const second = await tickets.issue(holder)
  assert.notEqual(first, second)
  assert.deepEqual(await tickets.redeem(first), holder)
  assert.equal(await tickets.redeem(first), undefined)
  clock.advance(60_000)
  assert.equal(await tickets.redeem(second), undefined)
  assert.equal(await tickets.redeem('unknown'), undefined)
})

it('a ticket ends with its session', async () => {
  const ended = new Set<string>()
  const tickets = createMemoryTickets(createTestClock(), (id) => ended.has(id))
  const ticket = await tickets.issue(holder)
  ended.add(holder.session_id)
  assert.equal(await tickets.redeem(ticket), undefined)
})
