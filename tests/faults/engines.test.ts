import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '@bigtech/testkit'
import { pick, runs } from '../../tools/stack/choose.ts'
import { end, pidOf } from '../../tools/stack/work.ts'
import { call } from '../support/index.ts'
import { spawnDistributed } from '../support/distributed-processes.ts'
import { assertThereOnce } from './afterwards.ts'
import { startCalls } from './calls.ts'
import { startListening } from './listener.ts'

const ENGINES = ['mariadb', 'redis', 'kafka', 's3'] as const
const servers = pick(ENGINES)
const stopped = servers.filter((server) => !runs(server)).map(({ name }) => name)
const skip = stopped.length > 0 && `${stopped.join(', ')} stopped: npm run stack -- up ${stopped.join(' ')}`

/** What needs the engine at once: nothing else may be refused while it is away. */
const NEEDED_FOR: Readonly<Record<(typeof ENGINES)[number], readonly string[]>> = {
  mariadb: ['send', 'rename', 'block', 'unblock', 'upload', 'heartbeat', 'profiles', 'rooms'],
  redis: ['heartbeat', 'ticket'],
  kafka: [],
  s3: ['upload'],
}

/** How /ready calls what each engine is for, and a service that needs it. */
const CHECKS = {
  mariadb: ['mysql', 'user'],
  redis: ['redis', 'chat'],
  kafka: ['kafka', 'friend'],
  s3: ['s3', 'chat'],
} as const

/** Everything is well again so long after the engine is. */
const WELL_MS = 10_000
/** An outage lasts so long: beyond the time after which connections, leases and breakers give up. `AWAY_S=60 npm test -- faults` for longer ones. */
const AWAY_MS = 1_000 * Number(process.env['AWAY_S'] ?? 6)

describe('an engine that fails under load', { skip }, async () => {
  if (skip) return
  const { urls } = await spawnDistributed(
    { after },
    { copies: { user: 1, friend: 1, chat: 1, notification: 1, analytics: 1, gateway: 1 } },
  )
  const calls = await startCalls(urls)
  const listener = await startListening(urls, calls.people[1]!, calls.roomId)
  after(() => listener.close())
  after(() => calls.stop())
  const heardFrom = calls.acknowledged.length

  const stateOf = async (service: 'user' | 'friend' | 'chat', check: string): Promise<string | undefined> => {
    const answer = await call('GET', `${urls[service]}/ready`)
    return (answer.json() as { checks: Record<string, { status: string }> }).checks[check]?.status
  }
  const faults = {
    'killed with -9, then started': async (server: (typeof servers)[number], whileAway: () => Promise<void>) => {
      for (const name of server.processes) await end(name, 'SIGKILL')
      await whileAway()
      await server.start()
    },
    'stopped as by a debugger, then continued': async (
      server: (typeof servers)[number],
      whileAway: () => Promise<void>,
    ) => {
      const pids = server.processes.map((name) => pidOf(name)!)
      for (const pid of pids) process.kill(pid, 'SIGSTOP')
      try {
        await whileAway()
      } finally {
        for (const pid of pids) process.kill(pid, 'SIGCONT')
      }
    },
  }

  for (const server of servers)
    for (const [what, fail] of Object.entries(faults))
      it(`${server.name}, ${what}: answers are successes or 503, /ready names it, all is well soon after, and who listens has heard all`, async (t) => {
        const [check, service] = CHECKS[server.name as (typeof ENGINES)[number]]
        const before = { ...calls.counts }
        const wrongBefore = calls.wrong.length
        calls.refused.clear()
        await fail(server, async () => {
          await eventually(async () => assert.equal(await stateOf(service, check), 'down'), { timeoutMs: 10_000 })
          await sleep(AWAY_MS)
          assert.equal(await stateOf(service, check), 'down')
        })
        const back = performance.now()
        await eventually(
          async () => {
            assert.equal(await stateOf(service, check), 'up')
            assert.deepEqual(await calls.round(), [])
          },
          { timeoutMs: WELL_MS, everyMs: 200 },
        )
        const needed = NEEDED_FOR[server.name as (typeof ENGINES)[number]]
        assert.deepEqual(
          [...calls.refused].filter(([kind]) => !needed.includes(kind)),
          [],
        )
        t.diagnostic(
          `well after ${Math.round(performance.now() - back)} ms; ${calls.counts.done - before.done} done, ${calls.counts.refused - before.refused} refused`,
        )
        assert.deepEqual(calls.wrong.slice(wrongBefore, wrongBefore + 10), [])
        const sent = calls.acknowledged.slice(heardFrom)
        await eventually(() => assert.deepEqual(listener.lacks(sent), [], 'told late, but told'))
      })

  it('nothing acknowledged is lost, and nothing is there twice', async () => {
    await calls.stop()
    await assertThereOnce(calls.people[0]!, calls.roomId, calls.acknowledged)
  })
})
