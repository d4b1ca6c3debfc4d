import type { Position } from '@bigtech/partition-log'
import { sql, transaction } from '@bigtech/sql'
import type { ChatDocument } from '../partition/entries.ts'
import {
  Changes,
  neededBy,
  type Before,
  type InvitationRow,
  type Known,
  type MemberRow,
  type Needed,
  type RoomRow,
} from './changes.ts'
import { putRows, readRows, removeRows, run } from './row-statements.ts'
import type { ChatDb, ChatTrx } from './tables.ts'
import { together } from './together.ts'

/** Entries of documents that are applied in one transaction, about. */
const ENTRIES_TOGETHER = 2_000

type Some = Readonly<{ p: number; documents: readonly ChatDocument[] }>

/**
 * Brings the tables from one place of the log to another, in one transaction that holds the lock of the partition's position; what comes of other
 * partitions meanwhile is done together in the next. Who lags behind waits for it and finds that there is nothing left to do. So no part of it is
 * seen before the others, or done twice; a room passes over entries that it has, too (`f`), should the position have been set back.
 * @throws when a document before these is missing
 */
export function createMysqlApply(db: ChatDb): (p: number, documents: readonly ChatDocument[]) => Promise<void> {
  const apply = together<Some, void>(
    async (all) => {
      await transaction(db, (trx) => applyAll(trx, all))
      return all.map(() => undefined)
    },
    {
      sizeOf: ({ documents }) => documents.reduce((sum, { entries }) => sum + entries.length, 0),
      most: ENTRIES_TOGETHER,
    },
  )
  return (p, documents) => apply({ p, documents })
}

async function applyAll(trx: ChatTrx, all: readonly Some[]): Promise<void> {
  const positions = await lockPositions(trx, [...new Set(all.map(({ p }) => p))])
  const fresh: ChatDocument[] = []
  for (const { p, documents } of all)
    for (const document of documents) {
      const { n } = positions.get(p)!
      if (document.n <= n) continue
      if (document.n !== n + 1) throw new Error(`partition ${p}: document ${n + 1} is missing before ${document.n}`)
      fresh.push(document)
      positions.set(p, { n: document.n, at: document.at })
    }
  if (fresh.length === 0) return
  const changes = new Changes(await read(trx, neededBy(fresh)))
  for (const document of fresh) changes.take(document)
  await write(trx, changes)
  const moved = [...new Set(fresh.map(({ p }) => p))]
  await putRows(
    trx,
    'partition_positions',
    moved.map((p) => ({ p, ...positions.get(p)! })),
  )
}

/** Of some partitions, each of which has one from now on; nobody else changes them, or applies anything of theirs, before this has ended. */
export async function lockPositions(trx: ChatTrx, ps: readonly number[]): Promise<Map<number, Position>> {
  const read = async () => {
    const some = Array.from(ps, () => '?').join(', ')
    // In the same order for all, lest two wait for each other.
    const text = `SELECT p, n, at FROM partition_positions WHERE p IN (${some}) ORDER BY p FOR UPDATE`
    const rows = await run<Position & { p: number }>(trx, text, ps)
    return new Map(rows.map(({ p, n, at }) => [p, { n, at }]))
  }
  const found = await read()
  const missing = ps.filter((p) => !found.has(p))
  if (missing.length === 0) return found
  await trx
    .insertInto('partition_positions')
    .ignore()
    .values(missing.map((p) => ({ p, n: 0, at: 0 })))
    .execute()
  return read()
}

async function read(trx: ChatTrx, { rooms, members, invitations, messages }: Needed): Promise<Known> {
  return {
    rooms: await readRows<RoomRow>(
      trx,
      'rooms',
      rooms.map((id) => ({ id })),
    ),
    members: await readRows<MemberRow>(trx, 'members', members),
    invitations: await readRows<InvitationRow>(trx, 'invitations', invitations),
    messages: await readRows<Before>(trx, 'messages', messages, ['room_id', 'seq', 'sent_log_at', 'content', 'file']),
  }
}

async function write(trx: ChatTrx, changes: Changes): Promise<void> {
  const { rooms, members, former, invitations, messages, pins, uncounted, attachments, stale } = changes
  await putRows(trx, 'rooms', rooms.written)
  await removeRows(trx, 'members', members.gone)
  await putRows(trx, 'members', members.written)
  await removeRows(trx, 'former_members', former.gone)
  await putRows(trx, 'former_members', former.written)
  await removeRows(trx, 'invitations', invitations.gone)
  await putRows(trx, 'invitations', invitations.written)
  await putRows(trx, 'search_stale', stale)
  await putRows(trx, 'messages', messages.written)
  await removeRows(trx, 'pins', pins.gone)
  await putRows(trx, 'pins', pins.written)
  await putRows(trx, 'uncounted', uncounted.written)
  await removeRows(trx, 'attachments', attachments.gone)
  await putRows(trx, 'attachments', attachments.written)
  const files = [...attachments.gone, ...attachments.written].map(({ file_id }) => file_id)
  await countAttachments(trx, [...new Set(files)].toSorted())
}

/** Other partitions may have the same files: each count is made with the row locked, of all that was committed before. */
export async function countAttachments(trx: ChatTrx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await trx.selectFrom('files').select('id').where('id', 'in', ids).orderBy('id').forUpdate().execute()
  await sql`UPDATE files SET attachments = (SELECT COUNT(*) FROM attachments a WHERE a.file_id = files.id)
    WHERE id IN (${sql.join(ids)})`.execute(trx)
}
