import { locksRows } from '@bigtech/sql'
import type { Trx } from './schema.ts'

/**
 * Until the end of the transaction no other one decides on what is between these people: links, and the consents that rest on them. The rows are made if there are
 * none; always in the same order, so that no two wait for each other. Where transactions run one at a time anyway (SQLite) there is nothing to do.
 */
export async function lockPeople(trx: Trx, ids: readonly number[]): Promise<void> {
  if (!locksRows(trx)) return
  for (const user_id of [...new Set(ids)].toSorted((a, b) => a - b))
    await trx
      .insertInto('care_locks')
      .values({ user_id })
      .onDuplicateKeyUpdate((row) => ({ user_id: row.ref('care_locks.user_id') }))
      .execute()
}

/** Not even that there was a row of them is left of who is gone. */
export async function forgetLock(trx: Trx, userId: number): Promise<void> {
  if (locksRows(trx)) await trx.deleteFrom('care_locks').where('user_id', '=', userId).execute()
}
