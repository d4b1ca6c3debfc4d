import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import kafkajs from 'kafkajs'
import { EncodedRecord, jsonOf } from '../encoded-record.ts'
import { partitionOf } from '../partition.ts'
import { collector, event, readAll, type Scope, unique } from '../testing.ts'
import { UNREADABLE_TYPE } from '../readable.ts'
import { independent, kafkaEngine, openBus } from './kafka.fixture.ts'

const { ConfigResourceTypes, Partitioners } = kafkajs
const DAY_MS = 86_400_000

suite('Kafka and an independent client', { skip: kafkaEngine.skip }, () => {
  if (kafkaEngine.skip) return

  async function setUp(t: Scope, partitions = 3) {
    const bus = await openBus(t)
    const topic = unique('topic')
    await bus.ensureTopics([{ name: topic, partitions, retentionMs: DAY_MS }])
    return { bus, topic }
  }

  test('it reads what we write: partition, key, headers and value, byte for byte', async (t) => {
    const { bus, topic } = await setUp(t)
    const plain = event(topic, '11', 1)
    const korean = event(topic, '방-1', 2)
    const record = { ...korean, value: { ...korean.value, content: '안녕하세요 👋 "q" \u2028' } }
    const encoded = new EncodedRecord(topic, 'moved', {
      value: '{ "event_id": "x",  "event_type":"Counted", "timestamp":"" }',
      headers: '{"ce_id":"x","제목":"값"}',
    })
    const sent = [plain, record, encoded]
    await bus.publish(sent)

    const consumer = independent.consumer({ groupId: unique('kafkajs') })
    await consumer.connect()
    t.after(() => consumer.disconnect())
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    const read = Promise.withResolvers<void>()
    const found = new Map<string, unknown>()
    await consumer.run({
      eachMessage: async ({ partition, message: { key, value, headers } }) => {
        const texts = Object.entries(headers ?? {}).map(([name, bytes]) => [name, String(bytes)])
        found.set(String(key), { partition, value: String(value), headers: Object.fromEntries(texts) })
        if (found.size === sent.length) read.resolve()
      },
    })
    await read.promise
    for (const each of sent)
      assert.deepEqual(found.get(each.key), {
        partition: partitionOf(each.key, 3),
        value: jsonOf(each).value,
        headers: each.headers,
      })
  })

  test('we read what it writes, compressed too; what is no JSON object is passed over and shown as unreadable', async (t) => {
    const { bus, topic } = await setUp(t, 1)
    const producer = independent.producer({ createPartitioner: Partitioners.DefaultPartitioner, idempotent: true })
    await producer.connect()
    t.after(() => producer.disconnect())
    const value = { event_id: 'e-1', event_type: 'Counted', timestamp: '2026-01-27T10:00:00.000Z', n: 1, 이름: '값' }
    await producer.send({
      topic,
      compression: 1, // gzip
      messages: [
        { key: 'a', value: JSON.stringify(value), headers: { ce_id: 'e-1', many: ['x'] } },
        { key: 'b', value: 'not json' },
        { key: null, value: null },
        { key: 'c', value: JSON.stringify({ ...value, n: 2 }) },
      ],
    })
    const seen = collector()
    await bus.subscribe({ group: unique('group'), topics: [topic], handler: seen.handler })
    const [first, ...rest] = await seen.until(4)
    assert.deepEqual(
      [first!.key, first!.value, first!.headers, first!.partition, first!.offset],
      ['a', value, { ce_id: 'e-1', many: 'x' }, 0, 0],
    )
    assert.ok(Math.abs(first!.stored_at - Date.now()) < 60_000)
    assert.deepEqual(
      rest.map((record) => [record.key, record.value.event_type]),
      [
        ['b', UNREADABLE_TYPE],
        ['', UNREADABLE_TYPE],
        ['c', 'Counted'],
      ],
    )
    assert.deepEqual((await readAll(bus, topic))[0], seen.records)
  })

  test('topics are as asked: partitions, copies and retention; a second call changes what can be changed', async (t) => {
    const { bus, topic } = await setUp(t, 2)
    await bus.ensureTopics([{ name: topic, partitions: 1, retentionMs: 5 * DAY_MS }])
    const admin = independent.admin()
    await admin.connect()
    t.after(() => admin.disconnect())
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
    assert.deepEqual(
      topics[0]!.partitions.map(({ replicas }) => replicas.length),
      [1, 1],
    )
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [
        { type: ConfigResourceTypes.TOPIC, name: topic, configNames: ['retention.ms', 'min.insync.replicas'] },
      ],
    })
    assert.deepEqual(
      Object.fromEntries(resources[0]!.configEntries.map(({ configName, configValue }) => [configName, configValue])),
      { 'retention.ms': String(5 * DAY_MS), 'min.insync.replicas': '1' },
    )
    const state = (await bus.admin.topics()).find(({ name }) => name === topic)
    assert.deepEqual([state!.retention_ms, state!.partitions.length], [5 * DAY_MS, 2])
  })

  test('topics that are deleted meanwhile do not hide the others', async (t) => {
    const { bus, topic } = await setUp(t, 1)
    const going = Array.from({ length: 4 }, () => unique('going'))
    await bus.ensureTopics(going.map((name) => ({ name, partitions: 1, retentionMs: DAY_MS })))
    for (const name of [topic, ...going]) {
      const subscription = await bus.subscribe({ group: `of-${name}`, topics: [name], handler: async () => {} })
      await subscription.close()
    }
    const admin = independent.admin()
    await admin.connect()
    t.after(() => admin.disconnect())
    for (const name of going) {
      const deleting = admin.deleteTopics({ topics: [name] })
      const [topics, lag] = await Promise.all([bus.admin.topics(), bus.admin.lag()])
      assert.ok(topics.some(({ name }) => name === topic))
      assert.ok(lag.some(({ group }) => group === `of-${topic}`))
      await deleting
    }
  })

  test('two processes create the same topics at the same time', async (t) => {
    const buses = [await openBus(t), await openBus(t)]
    const topics = [unique('one'), unique('two')].map((name) => ({ name, partitions: 2, retentionMs: DAY_MS }))
    await Promise.all(buses.map((bus) => bus.ensureTopics(topics)))
    await buses[0]!.publish(topics.map(({ name }) => event(name, 'a')))
  })

  test('a record that is too large is a fault of that record; others of the same moment are stored', async (t) => {
    const { bus, topic } = await setUp(t, 1)
    const small = unique('small')
    await bus.ensureTopics([{ name: small, partitions: 1, retentionMs: DAY_MS }])
    const admin = independent.admin()
    await admin.connect()
    t.after(() => admin.disconnect())
    const configEntries = [{ name: 'max.message.bytes', value: '2000' }]
    const resources = [{ type: ConfigResourceTypes.TOPIC, name: small, configEntries }]
    await admin.alterConfigs({ validateOnly: false, resources })
    const large = (name: string, length: number) => {
      const record = event(name, 'a')
      return { ...record, value: { ...record.value, text: 'x'.repeat(length) } }
    }
    const outcomes = await Promise.allSettled([
      bus.publish([event(topic, 'a', 1)]),
      bus.publish([large(small, 3_000)]), // the broker's word
      bus.publish([large(topic, 1_100_000)]), // would be refused without being asked
      bus.publish([event(small, 'a', 2), event(topic, 'a', 3)]),
    ])
    const codes = outcomes.map((outcome) =>
      outcome.status === 'fulfilled' ? 'stored' : (outcome.reason as { code: string; kind: string }).code,
    )
    assert.deepEqual(codes, ['stored', 'RECORD_TOO_LARGE', 'RECORD_TOO_LARGE', 'stored'])
    // As large as it may be, with many more of them than one request can hold.
    await bus.publish(Array.from({ length: 5 }, () => large(topic, 1_000_000)))
    // Asking for each alone may store a good one twice; none is missing.
    const stored = (await readAll(bus, topic))[0]!.map(({ value }) => value.event_id)
    assert.equal(new Set(stored).size, 7)
  })

  test('takes and delivers tens of thousands of records in batches of 500', async (t) => {
    const { bus, topic } = await setUp(t, 4)
    const seen = collector()
    await bus.subscribe({ group: unique('group'), topics: [topic], handler: seen.handler })
    const total = 20_000
    const records = Array.from({ length: total }, (_, n) => event(topic, String(n), n))
    const started = performance.now()
    const publishing: Promise<void>[] = []
    for (let at = 0; at < total; at += 500) publishing.push(bus.publish(records.slice(at, at + 500)))
    await Promise.all(publishing)
    const published = performance.now() - started
    await seen.until(total, 60_000)
    t.diagnostic(
      `published ${Math.round(total / published)} records/ms, handled after ${Math.round(performance.now() - started)} ms`,
    )
    for (const ofOne of Map.groupBy(seen.records, ({ partition }) => partition).values())
      assert.deepEqual(
        ofOne.map(({ offset }) => offset),
        [...ofOne.keys()],
      )
  })
})
