import { locksRows } from '@bigtech/sql'
import type { Trx } from './schema.ts'

/**
 * Until the end of the transaction no other one decides on these two. The row is made if there is none; one statement, because reading it
 * first would let two that both found it wait for each other. False where transactions run one at a time anyway (SQLite).
 */
export async function lockPair(trx: Trx, a: number, b: number): Promise<boolean> {
  if (!locksRows(trx)) return false
  await trx
    .insertInto('pairs')
    .values({ lower_id: Math.min(a, b), higher_id: Math.max(a, b) })
    .onDuplicateKeyUpdate((row) => ({ lower_id: row.ref('pairs.lower_id') }))
    .execute()
  return true
}

/** The same for what one person does: how much of it in a day is counted. */
export const lockPerson = (trx: Trx, id: number): Promise<boolean> => lockPair(trx, id, id)
