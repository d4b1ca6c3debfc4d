import type { ChatDb, ChatTrx } from './tables.ts'

/** Runs several reads on one state of the database, that of the first of them. */
export async function inSnapshot<T>(db: ChatDb, read: (trx: ChatTrx) => Promise<T>): Promise<T> {
  let found: { answer: T } | undefined
  try {
    await db
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute(async (trx) => (found = { answer: await read(trx) }))
  } catch (error) {
    // What was read is true, whatever becomes of the COMMIT.
    if (!found) throw error
  }
  return found!.answer
}
