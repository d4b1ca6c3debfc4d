import assert from 'node:assert/strict'
import { after, it, suite } from 'node:test'
import { AppError, systemClock } from '@bigtech/kernel'
import { connectRedis, type RedisLink } from '@bigtech/redis'
import { createTestClock, findEngine, startProxy } from '@bigtech/testkit'
import { createMemoryTickets } from './memory/tickets.ts'
import { createRedisTickets } from './redis/tickets.ts'
import { ticketStoreContract } from './ticket-store.contract.ts'

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

const links: RedisLink[] = []
after(() => Promise.all(links.map((link) => link.close())))
async function connect(url: string): Promise<RedisLink> {
  const link = await connectRedis(url)
  links.push(link)
  return link
}

for (const [setting, server] of [
  ['REDIS_URL', 'redis'],
  ['REDIS_CLUSTER_URL', 'redis-cluster'],
] as const) {
  const { value: url, skip } = findEngine(setting, server)
  suite(server, { skip }, () => {
    if (skip) return
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
}

const single = findEngine('REDIS_URL', 'redis')

it('while Redis is away tickets are unavailable', { skip: single.skip }, async (t) => {
  const proxy = await startProxy({ port: Number(new URL(single.value).port) })
  t.after(() => proxy.close())
  const tickets = createRedisTickets(await connect(`redis://127.0.0.1:${proxy.port}`), () => false)
  proxy.cut()
  const unavailable = (error: unknown) =>
    error instanceof AppError && error.kind === 'unavailable' && error.details.retryAfterS !== undefined
  await assert.rejects(tickets.issue(holder), unavailable)
  await assert.rejects(tickets.redeem('x'), unavailable)
})
