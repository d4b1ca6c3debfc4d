import type { Position } from '@bigtech/partition-log'
import { sql, transaction } from '@bigtech/sql'
import type { ChatDocument } from '../partition/entries.ts'
import {
  Changes,
  neededBy,
  type InvitationRow,
  type Known,
  type MemberRow,
  type Needed,
  type RoomRow,
} from './changes.ts'
import { KEYS, put, remove, type Table } from './put.ts'
import { messagesBeside, type RoomMessages } from './room-messages.ts'
import { anyOf } from './rows.ts'
import type { ChatDb, ChatTrx } from './tables.ts'

/**
 * Brings the tables from one place of the log to another, in one transaction that holds the lock of the partition's position. Who lags behind
 * waits for it and finds that there is nothing left to do. So no part of it is seen before the others, or done twice; a room passes over entries
 * that it has, too (`f`), should the position have been set back.
 * @param messages of a store of their own: written before the transaction ends
 * @throws when a document before these is missing
 */
export function createMysqlApply(
  db: ChatDb,
  messages: RoomMessages = messagesBeside,
): (p: number, documents: readonly ChatDocument[]) => Promise<void> {
  return (p, documents) =>
    transaction(db, async (trx) => {
      const position = await lockPosition(trx, p)
      const fresh = documents.filter(({ n }) => n > position.n)
      for (const [i, { n }] of fresh.entries())
        if (n !== position.n + 1 + i)
          throw new Error(`partition ${p}: document ${position.n + 1 + i} is missing before ${n}`)
      const last = fresh.at(-1)
      if (!last) return
      const changes = new Changes(await read(trx, neededBy(fresh), messages))
      for (const document of fresh) changes.take(document)
      await write(trx, changes)
      const { n, at } = last
      await trx.updateTable('partition_positions').set({ n, at }).where('p', '=', p).execute()
      // Last, so that what is written elsewhere is ahead of this only as long as it takes to commit.
      await messages.write(trx, changes)
    })
}

export async function lockPosition(trx: ChatTrx, p: number): Promise<Position> {
  const position = trx.selectFrom('partition_positions').select(['n', 'at']).where('p', '=', p).forUpdate()
  const found = await position.executeTakeFirst()
  if (found) return found
  await trx.insertInto('partition_positions').ignore().values({ p, n: 0, at: 0 }).execute()
  return position.executeTakeFirstOrThrow()
}

async function read(trx: ChatTrx, needed: Needed, messages: RoomMessages): Promise<Known> {
  const rows = <Row>(table: Table, places: readonly Readonly<Record<string, unknown>>[]) =>
    places.length === 0
      ? Promise.resolve({ rows: [] as Row[] })
      : sql<Row>`SELECT * FROM ${sql.table(table)} WHERE ${anyOf(places, KEYS[table])}`.execute(trx)
  return {
    rooms: (
      await rows<RoomRow>(
        'rooms',
        needed.rooms.map((id) => ({ id })),
      )
    ).rows,
    members: (await rows<MemberRow>('members', needed.members)).rows,
    invitations: (await rows<InvitationRow>('invitations', needed.invitations)).rows,
    messages: await messages.before(trx, needed.messages),
  }
}

async function write(trx: ChatTrx, changes: Changes): Promise<void> {
  const { rooms, members, former, invitations, pins, uncounted, attachments } = changes
  await put(trx, 'rooms', rooms.written)
  await remove(trx, 'members', members.gone)
  await put(trx, 'members', members.written)
  await remove(trx, 'former_members', former.gone)
  await put(trx, 'former_members', former.written)
  await remove(trx, 'invitations', invitations.gone)
  await put(trx, 'invitations', invitations.written)
  await remove(trx, 'pins', pins.gone)
  await put(trx, 'pins', pins.written)
  await put(trx, 'uncounted', uncounted.written)
  await remove(trx, 'attachments', attachments.gone)
  await put(trx, 'attachments', attachments.written)
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
