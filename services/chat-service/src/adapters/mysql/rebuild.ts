import type { LogStore } from '@bigtech/partition-log'
import { sql, transaction } from '@bigtech/sql'
import { upgrade, type Bodies } from '../partition/entries.ts'
import { forgetErased } from './erasures.ts'
import { countAttachments, lockPosition, type createMysqlApply } from './apply.ts'
import { messagesBeside, type RoomMessages } from './room-messages.ts'
import { run } from './row-statements.ts'
import type { ChatDb, ChatTrx } from './tables.ts'

const ROOMS_TOGETHER = 50
const DOCUMENTS_TOGETHER = 50

/** Tables whose rows are of a room. */
export const OF_A_ROOM = [
  'members',
  'former_members',
  'invitations',
  'messages',
  'pins',
  'uncounted',
  'mentioned',
  'attachments',
  'search_terms',
  'search_rooms',
  'search_stale',
] as const

/** A reason for which nothing was changed. */
export class CannotRebuild extends Error {}

/**
 * Makes a partition's tables anew from its log. Until it is done its rooms are missing or old to whoever reads them; an owner that goes on writing has
 * its documents applied, and its commands answered, once this has come to them. When it is broken off it is done again from the beginning.
 * @param onApplied told after each part how many documents were applied so far
 * @returns how many documents there were
 * @throws CannotRebuild before anything is removed, when the log has not all that the tables are made of, or somebody else is at it
 */
export async function rebuildPartition(
  db: ChatDb,
  apply: ReturnType<typeof createMysqlApply>,
  log: LogStore<Bodies>,
  p: number,
  onApplied?: (documents: number) => void,
  messages: RoomMessages = messagesBeside,
): Promise<number> {
  return alone(db, p, async () => {
    await checkLog(db, log, p)
    for (;;) {
      const removed = await transaction(db, (trx) => removeSome(trx, p))
      if (removed.length === 0) break
      await transaction(db, (trx) => removeMessages(trx, p, removed, messages))
    }
    let applied = 0
    for await (const documents of documentsOf(log, p)) {
      await apply(p, documents)
      applied += documents.length
      onApplied?.(applied)
    }
    await forgetErased(db, p, messages)
    return applied
  })
}

/** From the first on. */
async function* documentsOf(log: LogStore<Bodies>, p: number) {
  for (let next = 1; ;) {
    const documents = await log.read(p, next, DOCUMENTS_TOGETHER)
    if (documents.length === 0) return
    yield documents
    next += documents.length
  }
}

/** Reads all of it: what cannot be read, or is not there any more, is in the tables alone. */
async function checkLog(db: ChatDb, log: LogStore<Bodies>, p: number): Promise<void> {
  const { n } = await transaction(db, (trx) => lockPosition(trx, p))
  let last = 0
  for await (const documents of documentsOf(log, p)) {
    for (const { body } of documents.flatMap(({ entries }) => entries)) upgrade(body)
    last = documents.at(-1)!.n
  }
  if (last >= n) return
  const why = last === 0 ? 'does not begin with its first document' : `has no document ${last + 1}`
  throw new CannotRebuild(
    `the log of partition ${p} ${why}, and the tables have what came of ${n}: they cannot be made anew`,
  )
}

/** The lock is the connection's: whoever is broken off has it no longer. */
const alone = <T>(db: ChatDb, p: number, work: () => Promise<T>): Promise<T> =>
  db.connection().execute(async (connection) => {
    const name = sql`LEFT(SHA2(CONCAT(DATABASE(), '/rebuild/', ${p}), 256), 60)`
    const { rows } = await sql<{ taken: number }>`SELECT GET_LOCK(${name}, 0) AS taken`.execute(connection)
    if (rows[0]?.taken !== 1) throw new CannotRebuild(`partition ${p} is being made anew by somebody else`)
    try {
      return await work()
    } finally {
      await sql`SELECT RELEASE_LOCK(${name})`.execute(connection).catch(() => undefined)
    }
  })

/** @returns the rooms that are gone */
async function removeSome(trx: ChatTrx, p: number): Promise<number[]> {
  const { n } = await lockPosition(trx, p)
  await trx
    .updateTable('partition_positions')
    .set({ n: 0, at: 0, whole_n: sql`GREATEST(whole_n, ${n})` })
    .where('p', '=', p)
    .execute()
  const rooms = await trx.selectFrom('rooms').select('id').where('p', '=', p).limit(ROOMS_TOGETHER).execute()
  if (rooms.length === 0) return []
  const ids = rooms.map(({ id }) => id)
  const files = await trx.selectFrom('attachments').select('file_id').distinct().where('room_id', 'in', ids).execute()
  for (const table of OF_A_ROOM)
    await sql`DELETE FROM ${sql.table(table)} WHERE room_id IN (${sql.join(ids)})`.execute(trx)
  await trx.deleteFrom('rooms').where('id', 'in', ids).execute()
  for (const statement of countAttachments(files.map(({ file_id }) => file_id).toSorted())) await run(trx, statement)
  return ids
}

/**
 * After the rooms, so that none is ever seen without its messages; and only of those that nobody has applied again meanwhile. Left behind they would do no
 * harm: who applies the log finds them as they are.
 */
async function removeMessages(trx: ChatTrx, p: number, ids: readonly number[], messages: RoomMessages): Promise<void> {
  await lockPosition(trx, p)
  const again = await trx.selectFrom('rooms').select('id').where('id', 'in', ids).execute()
  const there = new Set(again.map(({ id }) => id))
  await messages.removeRooms(ids.filter((id) => !there.has(id)))
}
