import { createConnection, type RowDataPacket } from 'mysql2/promise'
import type { Row, Table } from './watch.ts'

/** What tells nothing of a call: who may write at the moment, what the schema is, and the log of rooms, where a new owner leaves a document without entries. */
const BESIDE = /^(outbox_lease|leases|signing_keys|log|chat_store|partition_.*|kysely_.*)$/

const plain = (row: Record<string, unknown>): Row =>
  Object.fromEntries(
    Object.entries(row).flatMap(([name, value]) => {
      if (value === null) return []
      return [[name, typeof value === 'number' || typeof value === 'string' ? value : JSON.stringify(value)]]
    }),
  )

/** A connection of its own to the server that the services use. */
export async function openMysqlWatch(url: string, databases: readonly string[]) {
  const connection = await createConnection({ uri: url, dateStrings: true })
  const query = async (sql: string, values: unknown[] = []) =>
    (await connection.query<RowDataPacket[]>(sql, values))[0] as Record<string, unknown>[]
  const tables = (database: string) =>
    query(
      `SELECT table_name AS name, GROUP_CONCAT(column_name ORDER BY ordinal_position) AS columns
       FROM information_schema.key_column_usage WHERE table_schema = ? AND constraint_name = 'PRIMARY'
       GROUP BY table_name ORDER BY table_name`,
      [database],
    )

  return {
    async tables(): Promise<Map<string, Table>> {
      const found = new Map<string, Table>()
      for (const database of databases)
        for (const { name, columns } of await tables(database)) {
          if (BESIDE.test(String(name))) continue
          const key = String(columns).split(',')
          // Rows of an outbox that were told (2) are kept in case the brokers lose them: nothing waits in them.
          const shown = name === 'outbox' ? 'WHERE parked != 2' : ''
          const rows = await query(`SELECT * FROM ??.?? ${shown} ORDER BY ??`, [database, name, key])
          found.set(`${database}.${String(name)}`, { key, rows: rows.map(plain) })
        }
      return found
    },
    /** As a relay that holds the lease and has just died: nobody else publishes until `release`. */
    async holdRelay(database: string, forMs: number): Promise<void> {
      const lease = { owner: 'somebody-who-died', expires_at: Date.now() + forMs }
      await connection.query('UPDATE ??.outbox_lease SET ? WHERE id = 1', [database, lease])
    },
    /** As if its time were over. */
    async releaseRelay(database: string): Promise<void> {
      await connection.query('UPDATE ??.outbox_lease SET expires_at = 0 WHERE id = 1', [database])
    },
    close: () => connection.end(),
  }
}

export type MysqlWatch = Awaited<ReturnType<typeof openMysqlWatch>>
