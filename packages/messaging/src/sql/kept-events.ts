import type { Kysely } from 'kysely'
import { STATE } from './outbox-rows.ts'
import { asOutbox, type OutboxTables } from './tables.ts'

/** Published events are kept in an outbox for as long as the bus keeps them; beside a bus that does not fsync. */
export const KEEP_EVENTS_MS = 7 * 24 * 3_600_000

const AT_ONCE = 1_000

/** What an operator does to an outbox that keeps what it has published (`keepMs` of createSqlOutbox). */
export function createKeptEvents<S extends OutboxTables>(database: Kysely<S>) {
  const db = asOutbox(database)
  return {
    /**
     * Has the relay publish once more what was published since, in its order, under the same ids and with `TOLD_AGAIN`; what comes meanwhile comes after
     * it. What its relay has not published yet is told twice, and so is what it publishes while older ones are being marked: it goes on until
     * there is nothing newer, so that of each key the newest is told last.
     * @param since ms since the epoch
     * @param onMarked awaited after each step, with how many it were so far
     */
    async tellAgain(since: number, onMarked: (events: number) => unknown = () => {}): Promise<number> {
      let marked = 0
      for (let after = 0; ;) {
        const found = await db
          .selectFrom('outbox')
          .select('id')
          .where('id', '>', after)
          .where('created_at', '>=', since)
          .where('parked', '!=', STATE.parked)
          .orderBy('id')
          .limit(AT_ONCE)
          .execute()
        if (found.length === 0) return marked
        const last = Number(found.at(-1)!.id)
        // All between them, not only those that were found: one with an id in between may have been committed since.
        const { numUpdatedRows } = await db
          .updateTable('outbox')
          .set({ parked: STATE.again })
          .where('id', '>', after)
          .where('id', '<=', last)
          .where('created_at', '>=', since)
          .where('parked', '!=', STATE.parked)
          .executeTakeFirst()
        after = last
        await onMarked((marked += Number(numUpdatedRows)))
      }
    },
    /** How many are still to be told once more. */
    async left(): Promise<number> {
      const row = await db
        .selectFrom('outbox')
        .select((select) => select.fn.countAll().as('rows'))
        .where('parked', '=', STATE.again)
        .executeTakeFirst()
      return Number(row?.rows ?? 0)
    },
  }
}
