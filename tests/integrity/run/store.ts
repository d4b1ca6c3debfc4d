import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { StoreFacts } from '../history/store.ts'
import type { Poison } from '../schedule/poison.ts'

/** Services that only listen to events. */
export const LISTENERS = ['notification-service', 'analytics-service'] as const

type Rows = Record<string, unknown>[]

/** Reads the files of a server that was stopped. The only part of the harness that knows their tables. */
export function readStore(dataDir: string, exit: number | null): StoreFacts {
  const open = <T>(name: string, read: (query: (sql: string) => Rows) => T): T => {
    const db = new DatabaseSync(join(dataDir, name), { readOnly: true })
    try {
      return read((sql) => db.prepare(sql).all())
    } finally {
      db.close()
    }
  }
  const count = (name: string, sql: string) => open(name, (query) => Number(query(sql)[0]!['n']))
  const ids = (name: string, sql: string) => open(name, (query) => query(sql).map((row) => String(row['id'])))
  const files = readdirSync(dataDir).filter((name) => name.endsWith('.db'))
  const inboxOf = (group: string) => `SELECT event_id AS id FROM inbox WHERE consumer_group = '${group}'`
  return {
    exit,
    integrity: Object.fromEntries(
      files.map((name) => [
        name,
        open(name, (query) => String(query('PRAGMA integrity_check')[0]!['integrity_check'])),
      ]),
    ),
    outbox: {
      'ai-service': count('ai.db', 'SELECT count(*) AS n FROM outbox'),
      'chat-service': count('chat.db', 'SELECT count(*) AS n FROM outbox'),
      'friend-service': count('friend.db', 'SELECT count(*) AS n FROM outbox'),
      'user-service': count('user.db', 'SELECT count(*) AS n FROM outbox'),
    },
    inbox: {
      'chat-service': ids('chat.db', inboxOf('chat-service')),
      'friend-service': ids('friend.db', inboxOf('friend-service')),
      'notification-service': ids('notification.db', inboxOf('notification-service')),
      'user-service': ids('user.db', inboxOf('user-service')),
    },
    records: open('events.db', (query) =>
      query(
        `SELECT name AS topic, partition_no AS "partition", record_offset AS "offset", value ->> 'event_id' AS id,
           value ->> 'event_type' AS type FROM records JOIN topics ON topics.id = topic_id`,
      ).map((row) => ({ ...row }) as StoreFacts['records'][number]),
    ),
    groups: open('events.db', (query) =>
      query(
        `SELECT group_name AS "group", name AS topic, partition_no AS "partition", committed_offset AS committed, next_offset AS "end"
         FROM group_offsets JOIN partitions USING (topic_id, partition_no) JOIN topics ON topics.id = topic_id`,
      ).map((row) => ({ ...row }) as StoreFacts['groups'][number]),
    ),
  }
}

/** The services that only listen have read nothing of a topic. Of a server that was ended. */
export function rewind(dataDir: string, topic: string): void {
  const db = new DatabaseSync(join(dataDir, 'events.db'), { timeout: 10_000 })
  try {
    db.prepare(
      `UPDATE group_offsets SET committed_offset = (SELECT start_offset FROM partitions p
         WHERE p.topic_id = group_offsets.topic_id AND p.partition_no = group_offsets.partition_no)
       WHERE group_name IN (${LISTENERS.map((name) => `'${name}'`).join()}) AND topic_id = (SELECT id FROM topics WHERE name = ?)`,
    ).run(topic)
  } finally {
    db.close()
  }
}

/** By the outbox of a service, which may be running: its relay looks into it once a second. */
export function publishTo(dataDir: string, records: readonly Poison[]): void {
  const db = new DatabaseSync(join(dataDir, 'friend.db'), { timeout: 10_000 })
  try {
    const insert = db.prepare(
      "INSERT INTO outbox (topic, record_key, value, headers, created_at) VALUES (?, ?, ?, '{}', ?)",
    )
    for (const { topic, key, value } of records) insert.run(topic, key, value, Date.now())
  } finally {
    db.close()
  }
}
