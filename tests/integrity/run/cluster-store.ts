import { setTimeout as sleep } from 'node:timers/promises'
import { createNamespacedBus } from '@bigtech/messaging'
import { createKafkaBus } from '@bigtech/messaging/kafka'
import { nullLogger } from '@bigtech/telemetry'
import type { Cleanup } from '@bigtech/testkit'
import { Kafka, logLevel, type Admin, type Producer } from 'kafkajs'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import { createReplay } from '../checker/log.ts'
import type { Violation } from '../checker/violation.ts'
import type { LogTables } from '../history/store.ts'
import type { EventFact } from '../history/types.ts'
import type { Poison } from '../schedule/poison.ts'
import { chatLogIn } from './chat-log.ts'
import { eventIn, letterIn } from './read-events.ts'
import { LISTENERS } from './store.ts'

const AT_ONCE = 500
/** A member that was killed leaves its group after 10 s (`sessionTimeoutMs`), and whoever stands still then holds the others up for as long. */
const GROUP_EMPTY_MS = 60_000

/** What the engines of a cluster hold: events on Kafka, the log and what was made of it. */
export function createClusterStore(t: Cleanup, env: Readonly<Record<string, string>>) {
  const installation = env['INSTALLATION']!
  const offsets = new Map<string, number>()
  const opening = createKafkaBus({
    brokers: env['KAFKA_BROKERS']!.split(','),
    clientId: `integrity-${installation}`,
    replication: 1,
    minInsyncReplicas: 1,
    logger: nullLogger,
  })
  t.after(async () => (await opening).close())

  async function ask<Row>(sql: string): Promise<Row[]> {
    const connection = await createConnection({
      uri: env['MYSQL_URL']!,
      database: `bigtech_${installation}_chat_service`,
    })
    try {
      const [rows] = await connection.query<RowDataPacket[]>(sql)
      return rows as unknown as Row[]
    } finally {
      await connection.end()
    }
  }

  async function withKafka<Kind extends 'admin' | 'producer'>(
    kind: Kind,
    work: (client: Kind extends 'admin' ? Admin : Producer) => Promise<void>,
  ): Promise<void> {
    const kafka = new Kafka({
      clientId: 'integrity',
      brokers: env['KAFKA_BROKERS']!.split(','),
      logLevel: logLevel.NOTHING,
    })
    const client = kafka[kind]()
    await client.connect()
    try {
      await work(client as never)
    } finally {
      await client.disconnect()
    }
  }

  const chat = chatLogIn(ask, env)

  /** How far each partition is, in its log, in what was made of it and on the bus. */
  async function places() {
    const positions = await ask<{ p: number; n: number }>('SELECT p, n FROM partition_positions')
    const applied = new Map(positions.map(({ p, n }) => [p, n]))
    return (await chat.ends()).map((end) => ({ ...end, applied: applied.get(end.p) ?? 0 }))
  }

  async function replay(p: number): Promise<Violation[]> {
    const replayed = createReplay(p)
    for (let last = 0; ;) {
      const documents = await chat.documents(p, last, AT_ONCE)
      for (const document of documents) replayed.take(document)
      if (documents.length < AT_ONCE) break
      last = documents.at(-1)!.n
    }
    const rooms = await ask<LogTables['rooms'][number]>(`SELECT id, f, rev, last_seq FROM rooms WHERE p = ${p}`)
    const ids = rooms.map(({ id }) => id)
    return replayed.compare({
      rooms,
      members: await ask(`SELECT room_id, user_id, read_seq, join_seq
        FROM rooms r JOIN members m ON m.room_id = r.id WHERE p = ${p}`),
      messages: ids.length === 0 ? [] : await chat.messages(ids),
    })
  }

  return {
    /** From where it last stopped. */
    async readEvents(): Promise<EventFact[]> {
      const bus = createNamespacedBus(await opening, installation)
      const events: EventFact[] = []
      for (const { name: topic, partitions } of await bus.admin.topics())
        for (const { partition } of partitions) {
          const place = `${topic}/${partition}`
          for (;;) {
            const offset = offsets.get(place) ?? 0
            const records = await bus.admin.read({ topic, partition, offset, limit: AT_ONCE })
            for (const { offset: at, key, value, headers } of records)
              events.push({ topic, partition, offset: at, key, ...eventIn(value), ...letterIn(headers) })
            if (records.length > 0) offsets.set(place, records.at(-1)!.offset + 1)
            if (records.length < AT_ONCE) break
          }
        }
      return events
    },

    /** The services that only listen, none of which runs, have read nothing of a topic. */
    async rewind(topic: string): Promise<void> {
      await withKafka('admin', async (admin) => {
        const groups = LISTENERS.map((group) => `${installation}.${group}`)
        // Who was killed before stays in its group until Kafka misses it; nobody may change where the group is before.
        for (const deadline = Date.now() + GROUP_EMPTY_MS; ; await sleep(500)) {
          const { groups: described } = await admin.describeGroups(groups)
          const full = described.filter(({ members }) => members.length > 0)
          if (full.length === 0) break
          if (Date.now() > deadline)
            throw new Error(`still in ${full.map(({ groupId }) => groupId).join(', ')}: members`)
        }
        for (const groupId of groups)
          await admin.resetOffsets({
            groupId,
            topic: `${installation}.${topic}`,
            earliest: true,
          })
      })
    },

    publish: (records: readonly Poison[]) =>
      withKafka('producer', async (producer) => {
        for (const { topic, key, value } of records)
          await producer.send({ topic: `${installation}.${topic}`, messages: [{ key, value }] })
        // Here anybody may write anything.
        const messages = ['{', '', Buffer.from([0xff, 0x00])].map((value) => ({ key: null, value }))
        await producer.send({ topic: `${installation}.message.events`, messages })
      }),

    /** Whether all that is in the log is in its tables and on Kafka. */
    async isPublished(): Promise<boolean> {
      return (await places()).every(({ n, applied, published }) => applied === n && published === n)
    },

    /** After the end: the log has no hole and one order, and what was made of it is as far as it is, and nothing else. */
    async check(): Promise<Violation[]> {
      const violations: Violation[] = []
      for (const { p, n, applied, published } of await places()) {
        if (applied !== n || published !== n)
          violations.push({
            kind: 'not-published',
            what: `partition ${p} is at ${n}, its tables at ${applied}, Kafka at ${published}`,
          })
        violations.push(...(await replay(p)))
      }
      return violations
    },
  }
}
