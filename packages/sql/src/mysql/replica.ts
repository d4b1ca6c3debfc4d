import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import { connectMysql, openMysqlDatabase, type MysqlOptions } from './database.ts'

export type ReplicatedMysqlOptions = MysqlOptions &
  Readonly<{
    /** `mysql://…` of a server that follows the other (READ_REPLICA_URL); without it all reads go there. */
    replicaUrl?: string | undefined
    onReplicaFailure?: (error: unknown) => void
  }>

/** A service's database, and its reads that may be stale. The replica need not be there. @throws as openMysqlDatabase */
export async function openMysqlDatabases<Schema>(
  { replicaUrl, onReplicaFailure, ...options }: ReplicatedMysqlOptions,
  migrations: Record<string, Migration>,
): Promise<{ db: Kysely<Schema>; stale: StaleReads<Schema> | undefined; close: () => Promise<void> }> {
  const db = await openMysqlDatabase<Schema>({ ...options, migrations })
  if (!replicaUrl) return { db, stale: undefined, close: () => db.destroy() }
  const replica = await connectMysql<Schema>({ ...options, url: replicaUrl })
  return {
    db,
    stale: createStaleReads(db, replica, onReplicaFailure),
    async close() {
      await replica.destroy()
      await db.destroy()
    },
  }
}

/** How long a replica that failed is left alone, ms: it must not cost every read the time of waiting for it. */
const LEFT_ALONE_MS = 5_000

/** Runs a read that may be stale. It must be harmless to run it twice. */
export type StaleReads<Schema> = <T>(read: (db: Kysely<Schema>) => Promise<T>) => Promise<T>

/**
 * Reads that may be as far behind as the replica is go there; to the primary while it fails, whatever the failure is (it may not have the
 * tables yet).
 * @param onFailure hears of each failure of the replica
 */
export function createStaleReads<Schema>(
  primary: Kysely<Schema>,
  replica: Kysely<Schema>,
  onFailure: (error: unknown) => void = () => {},
): StaleReads<Schema> {
  let failedAt = -Infinity
  return async (read) => {
    if (performance.now() - failedAt < LEFT_ALONE_MS) return read(primary)
    try {
      return await read(replica)
    } catch (error) {
      failedAt = performance.now()
      onFailure(error)
      return read(primary)
    }
  }
}
