import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { promisify } from 'node:util'
import type { EventBus } from '@bigtech/messaging'
import { eventually, spawnProgram, type Cleanup } from '@bigtech/testkit'
import { randomOf } from '../support/crash-rounds.ts'
import { MAIN, PASSWORD, signIn } from '../support/index.ts'
import { noOwnEngines, startOwnEngines } from '../support/own-engines.ts'
import { startListening } from './listener.ts'
import { assertBlocks, assertEffects, assertFiles, assertPeople, assertSaid, repeat } from './power-afterwards.ts'
import { doneBy, getTogether, startDoing } from './power-load.ts'

const skip = noOwnEngines()
/** POWER_CUTS=20 for a report. */
const CUTS = Number(process.env['POWER_CUTS'] ?? 1)
const seed = Number(process.env['SEED'] ?? 20261128)
/** Everything is well again so long after the engines are. */
const WELL_MS = 60_000
/** Services that stand still as the power goes, so that there is something of what Kafka loses that they have not read. They also have people's names. */
const READERS = ['friend', 'notification', 'analytics']
/** ms: the clocks are those of one machine. */
const BEFORE_MS = 1_000

const MEMBER = join(import.meta.dirname, '../../packages/messaging/src/kafka/member-child.ts')

describe('a power cut of all engines', { skip }, async () => {
  if (skip) return
  const { engines, urls, readers, admin, operator } = await open({ after })

  it(`at random moments (${CUTS} cuts, seed ${seed}): nothing acknowledged is lost, and what Kafka lost is told once more`, async (t) => {
    const deeds = await getTogether(urls)
    const listener = await startListening(urls, deeds.people[1]!, deeds.roomId)
    t.after(() => listener.close())
    const random = randomOf(seed)
    const moreDone = async (most: number) => {
      const enough = doneBy(deeds) + most / 2 + random() * (most / 2)
      await eventually(() => assert.ok(doneBy(deeds) >= enough), { timeoutMs: WELL_MS })
    }
    const records = { acknowledged: 0, kept: 0 }

    for (let round = 0; round < CUTS; round++) {
      const since = new Date(Date.now() - BEFORE_MS).toISOString()
      const doing = startDoing(deeds, urls, round)
      try {
        await moreDone(80)
        readers.signal('SIGSTOP')
        doing.doJust(['say', 'rename'])
        await moreDone(24)
        const { acknowledged, kept } = await engines.cut()
        records.acknowledged += acknowledged
        records.kept += kept
      } finally {
        readers.signal('SIGCONT')
        await doing.stop()
      }
      await engines.start()

      // Nothing of the product is started again.
      await eventually(() => repeat(deeds), { timeoutMs: WELL_MS, everyMs: 200 })
      await assertSaid(deeds, `after cut ${round}`)
      const truth = await assertPeople(urls, deeds)
      await eventually(() => assert.deepEqual(listener.lacks(deeds.said.map(({ content }) => content)), []), {
        timeoutMs: WELL_MS,
      })
      await eventually(() => assertFiles(deeds), { timeoutMs: WELL_MS, everyMs: 200 })

      await admin('republish', '--since', since)
      await eventually(() => assertBlocks(deeds, truth), { timeoutMs: WELL_MS, everyMs: 500 })
      await eventually(() => assertEffects(deeds, truth, operator), { timeoutMs: WELL_MS, everyMs: 500 })
    }
    assert.ok(records.kept < records.acknowledged, 'Kafka lost nothing: nothing was tried')
    t.diagnostic(
      `${CUTS} power cuts; ${deeds.said.length} messages, ${deeds.newcomers.length} accounts and ${deeds.files.length} files acknowledged, none lost; ` +
        `Kafka kept ${records.kept} of ${records.acknowledged} records`,
    )
  })

  it('who read events before it, and goes on, reads those that take the places of what Kafka lost', async (t) => {
    const { createKafkaBus } = await import('@bigtech/messaging/kafka')
    const brokers = process.env['KAFKA_BROKERS']!.split(',')
    const bus = await createKafkaBus({ brokers, clientId: 'test', replication: 1, minInsyncReplicas: 1 })
    t.after(() => bus.close())
    // The new log is shorter than what was read, or longer.
    const members = await Promise.all(
      [3, 30].map(async (count) => {
        const topic = `cut-${count}`
        await bus.ensureTopics([{ name: topic, partitions: 1, retentionMs: 86_400_000 }])
        const member = await spawnProgram(t, { file: MEMBER, args: [brokers[0]!, topic, topic], ready: /ready/ })
        await publish(bus, topic, 0, 10)
        await member.line(/handled 0 9$/)
        return { count, topic, member }
      }),
    )
    // Kafka keeps where they stand, and not what they have read.
    for (const { topic } of members)
      await eventually(async () => {
        const [place] = (await bus.admin.lag(topic)).filter((one) => one.topic === topic)
        assert.equal(place?.committed_offset, 10)
      })
    engines.write('__consumer_offsets-*/*.log')
    for (const { member } of members) process.kill(member.pid, 'SIGSTOP')
    await engines.cut()
    await engines.start()
    for (const { topic, count } of members) await publish(bus, topic, 100, count)
    for (const { member } of members) process.kill(member.pid, 'SIGCONT')
    for (const { member, count } of members) {
      const last = 100 + count - 1
      await member.line(new RegExp(`handled 0 ${last}$`), WELL_MS)
      for (let n = 100; n < last; n++) assert.match(member.output(), new RegExp(`^handled 0 ${n}$`, 'm'))
    }
  })
})

/** As a relay does: until they are stored. */
async function publish(bus: EventBus, topic: string, from: number, count: number): Promise<void> {
  const records = Array.from({ length: count }, (_, i) => numbered(topic, from + i))
  await eventually(() => bus.publish(records), { timeoutMs: WELL_MS, everyMs: 100 })
}

const numbered = (topic: string, n: number) => ({
  topic,
  key: 'a',
  value: { event_id: `${topic}-${n}`, event_type: 'Counted', timestamp: new Date().toISOString(), n },
  headers: {},
})

/** The product on engines of its own; ended in the reverse order. */
async function open(t: Cleanup) {
  const ends: (() => unknown)[] = []
  const scope: Cleanup = { after: (end) => void ends.push(end) }
  t.after(async () => {
    for (const end of ends.toReversed()) await end()
  })
  const engines = await startOwnEngines(scope)
  // Not before the environment names the engines.
  const { spawnDistributed } = await import('../support/distributed-processes.ts')
  const copies = { user: 1, friend: 1, chat: 2, notification: 1, ai: 1, analytics: 1, gateway: 1 }
  const { urls, processes, env } = await spawnDistributed(scope, { copies, readyTimeoutMs: 150_000 })
  const admin = (...args: string[]) =>
    promisify(execFile)(process.execPath, [join(MAIN, '../admin.ts'), ...args], { env, timeout: 120_000 })
  const email = 'operator@example.com'
  await admin('create-admin', '--email', email, '--username', 'operator', '--password', PASSWORD)
  const reading = processes.filter(({ role }) => READERS.includes(role))
  const readers = {
    signal: (name: 'SIGSTOP' | 'SIGCONT') => reading.forEach(({ program }) => process.kill(program().pid, name)),
  }
  return { engines, urls, readers, admin, operator: await signIn(urls, { id: 0, name: 'operator', email }) }
}
