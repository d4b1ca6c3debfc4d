import { setTimeout as sleep } from 'node:timers/promises'
import type { Kysely, Transaction } from 'kysely'
import { storageErrors } from './errors.ts'
import { isContention } from './mysql/errors.ts'

const TRIES = 6
/** Mean pause before the first retry; it doubles. */
const RETRY_MS = 5

/**
 * A transaction that is run again when the server undid it because it and another one waited for each other (deadlock, lock wait). The work
 * may run several times, and so must change nothing but the database.
 * @throws STORAGE_BUSY when that has happened too often
 */
export const transaction = <Schema, T>(
  db: Kysely<Schema>,
  work: (trx: Transaction<Schema>) => Promise<T>,
): Promise<T> => untilUncontended(() => db.transaction().execute(work))

/** The same for what the server undoes as a whole. Changes that stand alone come here by themselves (mysql/dialect.ts). */
export async function untilUncontended<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (!isContention(error)) throw error
      if (attempt === TRIES) throw storageErrors.STORAGE_BUSY({ cause: error, retryAfterS: 1 })
    }
    await sleep(Math.random() * 2 * RETRY_MS * 2 ** (attempt - 1))
  }
}
