import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { promisify } from 'node:util'
import { newId } from '@bigtech/kernel'
import {
  createDlq,
  createInboxTable,
  createOutboxTables,
  createSqlOutbox,
  enqueue,
  type EventRecord,
  type InboxTables,
  once,
  type OutboxTables,
  pause,
  runConsumer,
  startRelay,
  withDlq,
} from '@bigtech/messaging'
import { createKafkaBus } from '@bigtech/messaging/kafka'
import { type Migration, openThreadedDatabase } from '@bigtech/sql'
import { eventually, findEngine, tempDir } from '@bigtech/testkit'
import { end, pidOf } from '../../tools/stack/work.ts'

const cluster = findEngine('KAFKA_CLUSTER_BROKERS', 'kafka-cluster')
const brokers = cluster.value.split(',')
/** As `npm run stack` names it. */
const nameOf = (broker: number): string => `kafka-${brokers[broker]?.split(':')[1]}`
const foreign = cluster.skip === false && pidOf(nameOf(0)) === undefined && 'these brokers are not of npm run stack'

const KEYS = 24

type Tables = OutboxTables & InboxTables & { effects: { id?: number; record_key: string; n: number } }

const migrations: Record<string, Migration> = {
  '0001_test': {
    async up(db) {
      await createOutboxTables(db)
      await createInboxTable(db)
      await db.schema
        .createTable('effects')
        .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
        .addColumn('record_key', 'varchar(20)', (column) => column.notNull())
        .addColumn('n', 'integer', (column) => column.notNull())
        .execute()
    },
  },
}

function counted(topic: string, key: string, n: number): EventRecord {
  const event_id = newId()
  return {
    topic,
    key,
    value: { event_id, event_type: 'Counted', timestamp: new Date().toISOString(), n },
    headers: { ce_id: event_id, ce_type: 'Counted' },
  }
}

/** A service that commits events all the time, and two consumers that each make some of them take effect, once. */
async function underLoad(t: TestContext) {
  const db = await openThreadedDatabase<Tables>(join(tempDir(t), 'service.db'), 'test', migrations)
  t.after(() => db.destroy())
  const open = async () => {
    const bus = await createKafkaBus({ brokers, clientId: 'e2e', sessionTimeoutMs: 6_000 })
    t.after(() => bus.close())
    return bus
  }
  const [bus, ...consuming] = [await open(), await open(), await open()]
  const topic = `killed-${process.pid}-${Date.now().toString(36)}`
  await bus.ensureTopics(withDlq([{ name: topic, partitions: 6, retentionMs: 3_600_000 }]))

  const handler = async (record: EventRecord): Promise<void> => {
    const event = { group: 'effects', eventId: record.value.event_id, now: Date.now() }
    await once(db, event, async (trx) => {
      const row = { record_key: record.key, n: Number(record.value['n']) }
      await trx.insertInto('effects').values(row).execute()
    })
  }
  for (const each of consuming) {
    const consumer = await runConsumer({ bus: each, group: topic, topics: [topic], handlers: { Counted: handler } })
    t.after(() => consumer.close())
  }
  const outages: unknown[] = []
  const hooks = { onOutage: (error: unknown) => void outages.push(error) }
  const relay = startRelay({ outbox: createSqlOutbox(db), bus: bus, hooks })
  t.after(() => relay.close())

  let committed = 0
  const commit = async (): Promise<void> => {
    const records = Array.from({ length: KEYS }, (_, n) => counted(topic, `key-${n}`, committed + n))
    await db.transaction().execute((trx) => enqueue(trx, records, Date.now()))
    committed += records.length
    relay.notify()
  }
  const loading = new AbortController()
  const load = (async () => {
    while (!loading.signal.aborted) {
      await commit()
      await pause(20, loading.signal)
    }
  })()
  t.after(() => loading.abort())
  const effects = () => db.selectFrom('effects').selectAll().orderBy('id').execute()
  const count = async () =>
    Number(
      (
        await db
          .selectFrom('effects')
          .select(({ fn }) => fn.countAll().as('count'))
          .executeTakeFirstOrThrow()
      ).count,
    )
  const moreThan = (wanted: number, timeoutMs: number) =>
    eventually(async () => assert.ok((await count()) > wanted), { timeoutMs, everyMs: 100 })

  await moreThan(1_000, 30_000)
  return {
    /** What is committed from now on takes effect in time. */
    goesOn: (timeoutMs: number) => moreThan(committed + 2_000, timeoutMs),
    async nothingLostOrDoubled(): Promise<void> {
      loading.abort()
      await load
      await relay.flush(60_000)
      await moreThan(committed - 1, 60_000)
      const rows = await effects()
      assert.equal(rows.length, committed)
      for (const [key, ofKey] of Map.groupBy(rows, (row) => row.record_key)) {
        const numbers = ofKey.map(({ n }) => n)
        assert.deepEqual(
          numbers,
          numbers.toSorted((a, b) => a - b),
          key,
        )
      }
      assert.deepEqual(await createDlq({ bus: bus }).list({ topic }), [])
      assert.equal((await relay.stats()).parked, 0)
      t.diagnostic(`${committed} events, the relay had to wait ${outages.length} times`)
    },
  }
}

describe('three Kafka brokers under load', { skip: cluster.skip || foreign }, () => {
  it('one is killed with -9 and started again: nothing is lost or doubled, each key keeps its order', async (t) => {
    const load = await underLoad(t)
    await end(nameOf(1), 'SIGKILL')
    // Two are enough.
    await load.goesOn(120_000)
    await promisify(execFile)(process.execPath, ['tools/stack.ts', 'up', 'kafka-cluster'])
    await load.goesOn(120_000)
    await load.nothingLostOrDoubled()
  })

  it('one hangs, the first that clients ask: the others take its place, and later it is one of them again', async (t) => {
    const load = await underLoad(t)
    const pid = pidOf(nameOf(0))!
    process.kill(pid, 'SIGSTOP')
    t.after(() => process.kill(pid, 'SIGCONT'))
    const began = performance.now()
    await load.goesOn(120_000)
    t.diagnostic(`2,000 more took effect within ${Math.round((performance.now() - began) / 1_000)} s`)
    process.kill(pid, 'SIGCONT')
    await load.goesOn(120_000)
    await load.nothingLostOrDoubled()
  })
})
