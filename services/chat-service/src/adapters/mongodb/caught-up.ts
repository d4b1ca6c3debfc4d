import { setTimeout as sleep } from 'node:timers/promises'
import { storageErrors } from '@bigtech/sql'
import type { ChatDb } from '../mysql/tables.ts'

/** Longer than a commit takes; who writes may be gone, and is followed only by its successor. */
const PATIENCE_MS = 2_000
const FIRST_PAUSE_MS = 2
const LONGEST_PAUSE_MS = 50

export type Head = Readonly<{ rev: number; last_seq: number }>
/** Of what was read of messages, the newest revision of each room. */
export type Revisions = ReadonlyMap<number, number>

/** The rooms whose rows are of later revisions than these heads. */
export function aheadOf(
  rows: readonly Readonly<{ room_id: number; rev: number }>[],
  headOf: (roomId: number) => Pick<Head, 'rev'> | undefined,
): Revisions {
  const ahead = new Map<number, number>()
  for (const { room_id, rev } of rows)
    if (rev > (headOf(room_id)?.rev ?? 0) && rev > (ahead.get(room_id) ?? 0)) ahead.set(room_id, rev)
  return ahead
}

export async function headOf(db: ChatDb, roomId: number): Promise<Head | undefined> {
  return db.selectFrom('rooms').select(['rev', 'last_seq']).where('id', '=', roomId).executeTakeFirst()
}

/**
 * Messages are written before their rooms, so a row may be of a revision that the rooms do not show yet: it is shown when they do, and who was
 * a member until then is looked at again. The rooms are asked again and again, because whoever writes them may be any process; no transaction is held meanwhile, or rooms that
 * change faster than they are read would never be ready.
 * @throws STORAGE_UNAVAILABLE when it takes too long
 */
export async function untilCaughtUp(db: ChatDb, wanted: Revisions): Promise<void> {
  const until = performance.now() + PATIENCE_MS
  let behind = wanted
  for (let pause = FIRST_PAUSE_MS; behind.size > 0; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const rows = await db
      .selectFrom('rooms')
      .select(['id', 'rev'])
      .where('id', 'in', [...behind.keys()])
      .execute()
    const revs = new Map(rows.map(({ id, rev }) => [id, rev]))
    behind = new Map([...behind].filter(([id, rev]) => (revs.get(id) ?? 0) < rev))
    if (behind.size === 0) return
    if (performance.now() > until) throw notThere(`rooms ${[...behind.keys()].join(', ')} are behind their messages`)
    await sleep(pause)
  }
}

/** Of these rooms those in which a person has been all the time since a moment of the room (`f`). */
export async function stillIn(
  db: ChatDb,
  userId: number,
  since: ReadonlyMap<number, number>,
): Promise<ReadonlySet<number>> {
  if (since.size === 0) return new Set()
  const rows = await db
    .selectFrom('members')
    .select(['room_id', 'join_f'])
    .where('user_id', '=', userId)
    .where('room_id', 'in', [...since.keys()])
    .execute()
  return new Set(rows.filter(({ room_id, join_f }) => join_f <= since.get(room_id)!).map(({ room_id }) => room_id))
}

/** What must be there is not: of a server that does not know yet that it is no primary any more, say. */
export const notThere = (what: string) => storageErrors.STORAGE_UNAVAILABLE({ retryAfterS: 1, cause: new Error(what) })
