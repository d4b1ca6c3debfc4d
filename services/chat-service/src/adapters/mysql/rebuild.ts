import type { LogStore } from '@bigtech/partition-log'
import { sql, transaction } from '@bigtech/sql'
import type { Bodies } from '../partition/entries.ts'
import { forgetErased } from './erasures.ts'
import { countAttachments, createMysqlApply, lockPosition } from './apply.ts'
import { messagesBeside, type RoomMessages } from './room-messages.ts'
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
  'attachments',
  'search_terms',
  'search_rooms',
  'search_stale',
] as const

/** What was trimmed away cannot be made anew. */
export class TrimmedLog extends Error {
  constructor(p: number) {
    super(`the log of partition ${p} does not begin with its first document: it cannot be made anew`)
  }
}

/**
 * Makes a partition's tables anew from its log. Until it is done its rooms are missing or old to whoever reads them; an owner that goes on writing has
 * its documents applied, and its commands answered, once this has come to them. When it is broken off it is done again from the beginning.
 * @param onApplied told after each part how many documents were applied so far
 * @returns how many documents there were
 * @throws TrimmedLog before anything is removed, when the log does not begin with its first document
 */
export async function rebuildPartition(
  db: ChatDb,
  log: LogStore<Bodies>,
  p: number,
  onApplied?: (documents: number) => void,
  messages: RoomMessages = messagesBeside,
): Promise<number> {
  const [first] = await log.read(p, 1, 1)
  const { n } = await transaction(db, (trx) => lockPosition(trx, p))
  if (!first && n > 0) throw new TrimmedLog(p)
  for (;;) {
    const removed = await transaction(db, (trx) => removeSome(trx, p))
    if (removed.length === 0) break
    await transaction(db, (trx) => removeMessages(trx, p, removed, messages))
  }
  const apply = createMysqlApply(db, messages)
  let applied = 0
  for (;;) {
    const documents = await log.read(p, applied + 1, DOCUMENTS_TOGETHER)
    if (documents.length === 0) break
    await apply(p, documents)
    applied += documents.length
    onApplied?.(applied)
  }
  await forgetErased(db, p, messages)
  return applied
}

/** @returns the rooms that are gone */
async function removeSome(trx: ChatTrx, p: number): Promise<number[]> {
  await lockPosition(trx, p)
  await trx.updateTable('partition_positions').set({ n: 0, at: 0 }).where('p', '=', p).execute()
  const rooms = await trx.selectFrom('rooms').select('id').where('p', '=', p).limit(ROOMS_TOGETHER).execute()
  if (rooms.length === 0) return []
  const ids = rooms.map(({ id }) => id)
  const files = await trx.selectFrom('attachments').select('file_id').distinct().where('room_id', 'in', ids).execute()
  for (const table of OF_A_ROOM)
    await sql`DELETE FROM ${sql.table(table)} WHERE room_id IN (${sql.join(ids)})`.execute(trx)
  await trx.deleteFrom('rooms').where('id', 'in', ids).execute()
  await countAttachments(trx, files.map(({ file_id }) => file_id).toSorted())
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
