import type { Kysely } from 'kysely'

/** How long a replica that failed is left alone, ms: it must not cost every read the time of waiting for it. */
const LEFT_ALONE_MS = 5_000

/** Runs a read that may be stale. It must be harmless to run it twice. */
export type StaleReads<Schema> = <T>(read: (db: Kysely<Schema>) => Promise<T>) => Promise<T>

/**
 * Reads that may be behind by what the replica is behind go there; to the primary when there is no replica, or while it fails, whatever
 * the failure is (it may not have the tables yet).
 * @param onFailure hears of each failure of the replica
 */
export function createStaleReads<Schema>(
  primary: Kysely<Schema>,
  replica: Kysely<Schema> | undefined,
  onFailure: (error: unknown) => void = () => {},
): StaleReads<Schema> {
  let failedAt = -Infinity
  return async (read) => {
    if (!replica || performance.now() - failedAt < LEFT_ALONE_MS) return read(primary)
    try {
      return await read(replica)
    } catch (error) {
      failedAt = performance.now()
      onFailure(error)
      return read(primary)
    }
  }
}
