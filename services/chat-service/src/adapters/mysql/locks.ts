import type { ChatTrx } from './tables.ts'

/**
 * Until the end of the transaction no other one decides on what this person uses. The row is made if there is none; one statement, because
 * reading it first would let two that both found it wait for each other.
 */
export async function lockPerson(trx: ChatTrx, user_id: number): Promise<void> {
  await trx
    .insertInto('person_locks')
    .values({ user_id })
    .onDuplicateKeyUpdate((row) => ({ user_id: row.ref('person_locks.user_id') }))
    .execute()
}
