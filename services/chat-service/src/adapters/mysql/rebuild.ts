import type { LogStore } from '@bigtech/partition-log'
import { sql, transaction } from '@bigtech/sql'
import type { Bodies } from '../partition/entries.ts'
import { forgetErased } from './erasures.ts'
import { countAttachments, lockPosition, type createMysqlApply } from './apply.ts'
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
  apply: ReturnType<typeof createMysqlApply>,
  log: LogStore<Bodies>,
  p: number,
  onApplied?: (documents: number) => void,
): Promise<number> {
  const [first] = await log.read(p, 1, 1)
  const { n } = await transaction(db, (trx) => lockPosition(trx, p))
  if (!first && n > 0) throw new TrimmedLog(p)
  while (await transaction(db, (trx) => removeSome(trx, p)));
  let applied = 0
  for (;;) {
    const documents = await log.read(p, applied + 1, DOCUMENTS_TOGETHER)
    if (documents.length === 0) break
    await apply(p, documents)
    applied += documents.length
    onApplied?.(applied)
  }
  await forgetErased(db, p)
  return applied
}

/** @returns whether there was anything */
async function removeSome(trx: ChatTrx, p: number): Promise<boolean> {
  await lockPosition(trx, p)
  await trx.updateTable('partition_positions').set({ n: 0, at: 0 }).where('p', '=', p).execute()
  const rooms = await trx.selectFrom('rooms').select('id').where('p', '=', p).limit(ROOMS_TOGETHER).execute()
  if (rooms.length === 0) return false
  const ids = rooms.map(({ id }) => id)
  const files = await trx.selectFrom('attachments').select('file_id').distinct().where('room_id', 'in', ids).execute()
  for (const table of OF_A_ROOM)
    await sql`DELETE FROM ${sql.table(table)} WHERE room_id IN (${sql.join(ids)})`.execute(trx)
  await trx.deleteFrom('rooms').where('id', 'in', ids).execute()
  for (const statement of countAttachments(files.map(({ file_id }) => file_id).toSorted())) await run(trx, statement)
  return true
}
