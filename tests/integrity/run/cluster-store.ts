import { createNamespacedBus } from '@bigtech/messaging'
import { createKafkaBus } from '@bigtech/messaging/kafka'
import { nullLogger } from '@bigtech/telemetry'
import type { Cleanup } from '@bigtech/testkit'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import { createReplay } from '../checker/log.ts'
import type { Violation } from '../checker/violation.ts'
import type { LoggedDocument, LogTables } from '../history/store.ts'
import type { EventFact } from '../history/types.ts'

type Value = { event_id: string; event_type: string } & Record<string, unknown>
const AT_ONCE = 500

/** What the engines of a cluster hold: events on Kafka, the log and what was made of it in MySQL. */
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

  async function replay(p: number): Promise<Violation[]> {
    const replayed = createReplay(p)
    for (let last = 0; ;) {
      const documents = await ask<Omit<LoggedDocument, 'entries'> & { entries: Buffer }>(
        `SELECT n, term, at, entries FROM log WHERE p = ${p} AND n > ${last} ORDER BY n LIMIT ${AT_ONCE}`,
      )
      for (const { n, term, at, entries } of documents)
        replayed.take({ n, term, at, entries: JSON.parse(entries.toString()) as LoggedDocument['entries'] })
      if (documents.length < AT_ONCE) break
      last = documents.at(-1)!.n
    }
    const of = `FROM rooms r JOIN`
    const messages = await ask<Omit<LogTables['messages'][number], 'deleted'> & { deleted: 0 | 1 }>(
      `SELECT room_id, seq, m.rev, IF(message_type = 'system', '', content) AS content, deleted_at IS NOT NULL AS deleted
        ${of} messages m ON room_id = id WHERE p = ${p}`,
    )
    return replayed.compare({
      rooms: await ask(`SELECT id, f, rev, last_seq FROM rooms WHERE p = ${p}`),
      members: await ask(`SELECT room_id, user_id, read_seq, join_seq ${of} members ON room_id = id WHERE p = ${p}`),
      messages: messages.map(({ deleted, ...message }) => ({ ...message, deleted: deleted === 1 })),
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
            for (const { offset: at, key, value } of records) {
              const { event_id: id, event_type: type, ...fields } = value as unknown as Value
              events.push({ topic, partition, offset: at, key, id, type, fields })
            }
            if (records.length > 0) offsets.set(place, records.at(-1)!.offset + 1)
            if (records.length < AT_ONCE) break
          }
        }
      return events
    },

    /** Whether all that is in the log is in its tables and on Kafka. */
    async isPublished(): Promise<boolean> {
      const behind = await ask(`SELECT l.p FROM (SELECT p, MAX(n) AS n FROM log GROUP BY p) l
        LEFT JOIN partition_positions a ON a.p = l.p LEFT JOIN partition_cursors c ON c.p = l.p
        WHERE COALESCE(a.n, 0) < l.n OR COALESCE(c.n, 0) < l.n`)
      return behind.length === 0
    },

    /** After the end: the log has no hole and one order, and what was made of it is as far as it is, and nothing else. */
    async check(): Promise<Violation[]> {
      const places = await ask<{ p: number; n: number; applied: number | null; published: number | null }>(
        `SELECT l.p, l.n, a.n AS applied, c.n AS published FROM (SELECT p, MAX(n) AS n FROM log GROUP BY p) l
          LEFT JOIN partition_positions a ON a.p = l.p LEFT JOIN partition_cursors c ON c.p = l.p`,
      )
      const violations: Violation[] = []
      for (const { p, n, applied, published } of places) {
        if (applied !== n || published !== n)
          violations.push({
            kind: 'not-published',
            what: `partition ${p} is at ${n}, its tables at ${applied ?? 0}, Kafka at ${published ?? 0}`,
          })
        violations.push(...(await replay(p)))
      }
      return violations
    },
  }
}
