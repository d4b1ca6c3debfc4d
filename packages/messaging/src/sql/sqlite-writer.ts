import type { DatabaseSync } from 'node:sqlite'
import type { Writer } from '@bigtech/sql'
import type { Selectable } from 'kysely'
import { jsonOf } from '../encoded-record.ts'
import type { EventRecord, Outbox } from '../ports.ts'
import { toOutboxRow, toRowIds } from './outbox-rows.ts'
import type { OutboxTables } from './tables.ts'

type Row = Selectable<OutboxTables['outbox']>

/**
 * Outbox and inbox for a service whose writes run in a writer thread (packages/sql createWriter): spread `commands` into the
 * service's own commands, and call `enqueue` / `firstTime` inside them, in the transaction of the change.
 */
export function createMessagingCommands(db: DatabaseSync) {
  const insert = db.prepare(
    'INSERT INTO outbox (topic, record_key, value, headers, last_error, created_at) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const pending = db.prepare('SELECT * FROM outbox WHERE parked = 0 ORDER BY id LIMIT ?')
  const parked = db.prepare('SELECT * FROM outbox WHERE parked = 1 ORDER BY id LIMIT ?')
  const lease = db.prepare(
    `UPDATE outbox_lease SET owner = :owner, expires_at = :expires
     WHERE id = 1 AND (owner = :owner OR expires_at <= :now)`,
  )
  const leaseHeld = db.prepare('SELECT 1 FROM outbox_lease WHERE id = 1 AND owner = ? AND expires_at > ?')
  const release = db.prepare("UPDATE outbox_lease SET owner = '', expires_at = 0 WHERE id = 1 AND owner = ?")
  const remove = db.prepare('DELETE FROM outbox WHERE id BETWEEN ? AND ?')
  const failed = db.prepare('UPDATE outbox SET attempts = attempts + 1, last_error = ? WHERE id = ?')
  const park = db.prepare('UPDATE outbox SET parked = 1, last_error = ? WHERE id = ?')
  const unpark = db.prepare('UPDATE outbox SET parked = 0, attempts = 0 WHERE id = ?')
  const stats = db.prepare(
    `SELECT count(*) FILTER (WHERE parked = 0) AS pending, count(*) FILTER (WHERE parked = 1) AS parked,
       min(created_at) FILTER (WHERE parked = 0) AS oldest_created_at FROM outbox`,
  )
  const remember = db.prepare('INSERT OR IGNORE INTO inbox (consumer_group, event_id, processed_at) VALUES (?, ?, ?)')

  return {
    enqueue(records: readonly EventRecord[], now: number): void {
      for (const record of records) {
        const json = jsonOf(record)
        insert.run(record.topic, record.key, json.value, json.headers, null, now)
      }
    },
    /** False when this group has already processed the event: then the command must change nothing. */
    firstTime: (event: { group: string; eventId: string; now: number }): boolean =>
      remember.run(event.group, event.eventId, event.now).changes === 1,

    commands: {
      outboxClaim(args: { owner: string; limit: number; leaseMs: number; now: number }): Row[] {
        const { owner, limit, leaseMs, now } = args
        if (pending.all(1).length === 0) return []
        const held = leaseHeld.get(owner, now + leaseMs / 2) !== undefined
        if (!held && lease.run({ owner, expires: now + leaseMs, now }).changes === 0) return []
        return pending.all(limit) as Row[]
      },
      outboxPublished(ids: readonly number[]): void {
        for (const [first, last] of runsOf(ids)) remove.run(first, last)
      },
      outboxFailed({ ids, error }: { ids: readonly number[]; error: string }): void {
        for (const id of ids) failed.run(error.slice(0, 500), id)
      },
      outboxPark({ id, error }: { id: number; error: string }): void {
        park.run(error.slice(0, 500), id)
      },
      outboxParked: (limit: number) => parked.all(limit) as Row[],
      outboxUnpark(ids: readonly number[]): void {
        for (const id of ids) unpark.run(id)
      },
      outboxStats: () => ({ ...stats.get() }) as Awaited<ReturnType<Outbox['stats']>>,
      outboxRelease(owner: string): void {
        release.run(owner)
      },
    },
  }
}

/** Ascending numbers as runs without gaps: [1, 2, 3, 7] → [1, 3], [7, 7]. */
function runsOf(ids: readonly number[]): [first: number, last: number][] {
  const runs: [number, number][] = []
  for (const id of ids) {
    const run = runs.at(-1)
    if (run?.[1] === id - 1) run[1] = id
    else runs.push([id, id])
  }
  return runs
}

export type MessagingCommands = ReturnType<typeof createMessagingCommands>['commands']

/** The outbox port over a writer whose commands include `createMessagingCommands(db).commands`. */
export function createWriterOutbox(writer: Pick<Writer<MessagingCommands>, 'call'>): Outbox {
  return {
    claim: async (options) => (await writer.call('outboxClaim', options)).map(toOutboxRow),
    published: (ids) => writer.call('outboxPublished', toRowIds(ids)),
    failed: (ids, error) => writer.call('outboxFailed', { ids: toRowIds(ids), error }),
    park: (id, error) => writer.call('outboxPark', { id: Number(id), error }),
    parked: async ({ limit }) =>
      (await writer.call('outboxParked', limit)).map((row) => ({ ...toOutboxRow(row), last_error: row.last_error })),
    unpark: (ids) => writer.call('outboxUnpark', toRowIds(ids)),
    stats: () => writer.call('outboxStats', undefined),
    release: (owner) => writer.call('outboxRelease', owner),
  }
}
