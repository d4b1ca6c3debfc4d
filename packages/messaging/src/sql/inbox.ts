import { isUniqueViolation, transaction } from '@bigtech/sql'
import type { Kysely, Transaction } from 'kysely'
import { asInbox, type InboxTables } from './tables.ts'

/** Twice the longest retention of a topic that is consumed: no record older than that can be delivered again. */
export const INBOX_RETENTION_MS = 14 * 24 * 3_600_000

/** Ends the transaction of a repeated event; never leaves `once`. */
class AlreadyProcessed extends Error {}

/**
 * Makes an effect happen once per group and event, however often the event is delivered: the event id is inserted in the
 * transaction of the effect, before it. A throw of the effect undoes both. Two deliveries at the same time: the second waits for
 * the first transaction on the primary key, then takes effect only if the first one failed. It runs again after a deadlock.
 * @returns false when the event was already processed (nothing was changed)
 */
export async function once<S extends InboxTables>(
  db: Kysely<S>,
  event: { group: string; eventId: string; now: number },
  effect: (trx: Transaction<S>) => Promise<void>,
): Promise<boolean> {
  try {
    await transaction(db, async (trx) => {
      if (!(await firstTime(trx, event))) throw new AlreadyProcessed()
      await effect(trx)
    })
    return true
  } catch (error) {
    if (error instanceof AlreadyProcessed) return false
    throw error
  }
}

/**
 * The same inside a transaction of the caller's: remembers the event. False when this group has processed it already: then the
 * transaction must change nothing (PostgreSQL accepts nothing more in it anyway).
 */
export async function firstTime<S extends InboxTables>(
  trx: Transaction<S>,
  { group, eventId, now }: { group: string; eventId: string; now: number },
): Promise<boolean> {
  const row = { consumer_group: group, event_id: eventId, processed_at: now }
  try {
    await asInbox(trx).insertInto('inbox').values(row).execute()
    return true
  } catch (error) {
    if (isUniqueViolation(error)) return false
    throw error
  }
}

/** Forgets events older than `olderThanMs` (14 days); run it daily. Returns the number of rows. */
export async function pruneInbox<S extends InboxTables>(
  db: Kysely<S>,
  { now, olderThanMs = INBOX_RETENTION_MS }: { now: number; olderThanMs?: number },
): Promise<number> {
  const result = await asInbox(db)
    .deleteFrom('inbox')
    .where('processed_at', '<', now - olderThanMs)
    .executeTakeFirst()
  return Number(result.numDeletedRows)
}
