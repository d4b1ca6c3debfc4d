import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { describe, it } from 'node:test'
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
/** The second of the three, as `npm run stack` names it. */
const victim = `kafka-${brokers[1]?.split(':')[1]}`
const foreign = cluster.skip === false && pidOf(victim) === undefined && 'these brokers are not of npm run stack'

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

describe(
  'three Kafka brokers, one killed with -9 and started again under load',
  { skip: cluster.skip || foreign },
  () => {
    it('nothing that was committed is lost, nothing takes effect twice, each key keeps its order', async (t) => {
      const db = await openThreadedDatabase<Tables>(join(tempDir(t), 'service.db'), 'test', migrations)
      t.after(() => db.destroy())
      const open = async () => {
        const bus = await createKafkaBus({ brokers, clientId: 'e2e', sessionTimeoutMs: 6_000 })
        t.after(() => bus.close())
        return bus
      }
      const [producing, consuming, second] = [await open(), await open(), await open()]
      const topic = `killed-${process.pid}-${Date.now().toString(36)}`
      await producing.ensureTopics(withDlq([{ name: topic, partitions: 6, retentionMs: 3_600_000 }]))

      const handler = async (record: EventRecord): Promise<void> => {
        const event = { group: 'effects', eventId: record.value.event_id, now: Date.now() }
        await once(db, event, async (trx) => {
          const row = { record_key: record.key, n: Number(record.value['n']) }
          await trx.insertInto('effects').values(row).execute()
        })
      }
      for (const bus of [consuming, second]) {
        const consumer = await runConsumer({ bus, group: topic, topics: [topic], handlers: { Counted: handler } })
        t.after(() => consumer.close())
      }
      const outages: unknown[] = []
      const relay = startRelay({
        outbox: createSqlOutbox(db),
        bus: producing,
        hooks: { onOutage: (error) => void outages.push(error) },
      })
      t.after(() => relay.close())

      let committed = 0
      const commit = async (): Promise<void> => {
        const records = Array.from({ length: KEYS }, (_, n) => counted(topic, `key-${n}`, committed + n))
        await db.transaction().execute((trx) => enqueue(trx, records, Date.now()))
        committed += records.length
        relay.notify()
      }
      const loading = { on: true }
      const load = (async () => {
        while (loading.on) {
          await commit()
          await new Promise((resolve) => setTimeout(resolve, 20))
        }
      })()
      const effects = () => db.selectFrom('effects').selectAll().orderBy('id').execute()
      const moreThan = (count: number, timeoutMs: number) =>
        eventually(async () => assert.ok((await effects()).length > count), { timeoutMs, everyMs: 100 })

      await moreThan(1_000, 20_000)
      await end(victim, 'SIGKILL')
      const atKill = committed
      // Two are enough: what is committed now takes effect while the third is away.
      await moreThan(atKill + 2_000, 60_000)
      await promisify(execFile)(process.execPath, ['tools/stack.ts', 'up', 'kafka-cluster'])
      const atRestart = committed
      await moreThan(atRestart + 2_000, 60_000)
      loading.on = false
      await load
      await relay.flush(30_000)
      await eventually(async () => assert.ok((await effects()).length >= committed), {
        timeoutMs: 30_000,
        everyMs: 100,
      })

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
      assert.deepEqual(await createDlq({ bus: producing }).list({ topic }), [])
      assert.equal((await relay.stats()).parked, 0)
      t.diagnostic(`${committed} events, the relay had to wait ${outages.length} times`)
    })
  },
)
