import assert from 'node:assert/strict'
import { it } from 'node:test'
import { AppError, systemClock } from '@bigtech/kernel'
import { createTestClock } from '@bigtech/testkit'
import { createMemoryTickets } from './memory/tickets.ts'
import { createRedisTickets } from './redis/tickets.ts'
import { ticketStoreContract } from './ticket-store.contract.ts'
import { onRedis, redisBehindProxy, redisLinks, singleRedis } from '@bigtech/redis/testing'

const holder = { user_id: 1, session_id: 's', role: 'user' } as const

ticketStoreContract('memory', async (isRevoked) => {
  const tickets = createMemoryTickets(systemClock, isRevoked)
  return [tickets, tickets]
})

it('in memory a ticket is good for a minute', async () => {
  const clock = createTestClock()
  const tickets = createMemoryTickets(clock, () => false)
  const [early, late] = [await tickets.issue(holder), await tickets.issue(holder)]
  clock.advance(59_999)
  assert.deepEqual(await tickets.redeem(early), holder)
  clock.advance(1)
  assert.equal(await tickets.redeem(late), undefined)
})

const connect = redisLinks()

onRedis(['redis', 'redis-cluster'], (server, url) => {
  ticketStoreContract(server, async (isRevoked) => [
    createRedisTickets(await connect(url), isRevoked),
    createRedisTickets(await connect(url), isRevoked),
  ])
  it('a ticket is good for a minute', async () => {
    const link = await connect(url)
    const ticket = await createRedisTickets(link, () => false).issue(holder)
    const left = await link.client.ttl(`ticket:${ticket}`)
    assert.ok(left > 50 && left <= 60, String(left))
  })
})

it('while Redis is away tickets are unavailable', { skip: singleRedis.skip }, async (t) => {
  const { proxy, url: cuttable } = await redisBehindProxy(t)
  const tickets = createRedisTickets(await connect(cuttable), () => false)
  proxy.cut()
  const unavailable = (error: unknown) =>
    error instanceof AppError && error.kind === 'unavailable' && error.details.retryAfterS !== undefined
  await assert.rejects(tickets.issue(holder), unavailable)
  await assert.rejects(tickets.redeem('x'), unavailable)
})
