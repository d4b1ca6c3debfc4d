import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { StoreFacts } from '../history/store.ts'

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
