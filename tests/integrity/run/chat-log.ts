import type { Collection } from 'mongodb'
import type { LoggedDocument, LogTables } from '../history/store.ts'

/** The log of a cluster and the messages that were made of it, in whichever database they are. */
export type ChatLog = Readonly<{
  /** The last document of each partition, and up to where it was published. */
  ends(): Promise<readonly Readonly<{ p: number; n: number; published: number }>[]>
  documents(p: number, after: number, limit: number): Promise<readonly LoggedDocument[]>
  /** The texts of the system are empty. */
  messages(roomIds: readonly number[]): Promise<LogTables['messages']>
}>

type Ask = <Row>(sql: string) => Promise<Row[]>

export const chatLogIn = (ask: Ask, env: Readonly<Record<string, string>>): ChatLog =>
  env['MESSAGE_STORE'] === 'mongodb'
    ? inMongodb(env['MONGODB_URL']!, `bigtech_${env['INSTALLATION']!}_chat_service`)
    : inMysql(ask)

const inMysql = (ask: Ask): ChatLog => ({
  ends: () =>
    ask(`SELECT l.p, l.n, COALESCE(c.n, 0) AS published FROM (SELECT p, MAX(n) AS n FROM log GROUP BY p) l
      LEFT JOIN partition_cursors c ON c.p = l.p`),
  async documents(p, after, limit) {
    const rows = await ask<Omit<LoggedDocument, 'entries'> & { entries: Buffer }>(
      `SELECT n, term, at, entries FROM log WHERE p = ${p} AND n > ${after} ORDER BY n LIMIT ${limit}`,
    )
    return rows.map((row) => ({ ...row, entries: JSON.parse(row.entries.toString()) as LoggedDocument['entries'] }))
  },
  async messages(roomIds) {
    const rows = await ask<Omit<LogTables['messages'][number], 'deleted'> & { deleted: 0 | 1 }>(
      `SELECT room_id, seq, rev, IF(message_type = 'system', '', content) AS content, deleted_at IS NOT NULL AS deleted
        FROM messages WHERE room_id IN (${roomIds.join()})`,
    )
    return rows.map(({ deleted, ...message }) => ({ ...message, deleted: deleted === 1 }))
  },
})

type Stored = {
  log: Omit<LoggedDocument, 'entries'> & { p: number; entries: string }
  messages: LogTables['messages'][number] & { message_type: string; deleted_at: number | null }
  partition_cursors: { _id: number; n: number }
}

function inMongodb(url: string, database: string): ChatLog {
  const asking = async <Name extends keyof Stored, Answer>(
    name: Name,
    ask: (documents: Collection<Stored[Name]>) => Promise<Answer>,
  ): Promise<Answer> => {
    const { MongoClient } = await import('mongodb')
    const client = new MongoClient(url)
    try {
      return await ask(client.db(database).collection<Stored[Name]>(name))
    } finally {
      await client.close()
    }
  }
  return {
    async ends() {
      const places = await asking('log', (log) => log.find({}, { projection: { p: 1, n: 1 } }).toArray())
      const cursors = await asking('partition_cursors', (all) => all.find().toArray())
      const published = new Map(cursors.map(({ _id, n }) => [_id, n]))
      const last = new Map<number, number>()
      for (const { p, n } of places) last.set(p, Math.max(n, last.get(p) ?? 0))
      return [...last].map(([p, n]) => ({ p, n, published: published.get(p) ?? 0 }))
    },
    async documents(p, after, limit) {
      const rows = await asking('log', (log) =>
        log
          .find({ p, n: { $gt: after } })
          .sort({ n: 1 })
          .limit(limit)
          .toArray(),
      )
      return rows.map(({ entries, ...row }) => ({ ...row, entries: JSON.parse(entries) as LoggedDocument['entries'] }))
    },
    async messages(roomIds) {
      const rows = await asking('messages', (all) => all.find({ room_id: { $in: [...roomIds] } }).toArray())
      return rows.map(({ room_id, seq, rev, content, message_type, deleted_at }) => ({
        room_id,
        seq,
        rev,
        content: message_type === 'system' ? '' : content,
        deleted: deleted_at !== null,
      }))
    },
  }
}
