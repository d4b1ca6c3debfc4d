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
import type { ChatDb, ChatTrx } from './tables.ts'

/** Characters and rows of a statement, about: it must fit into a packet of the server, escaped. */
const CHARACTERS_TOGETHER = 500_000
const ROWS_TOGETHER = 1_000

type Table =
  | 'rooms'
  | 'members'
  | 'former_members'
  | 'invitations'
  | 'messages'
  | 'pins'
  | 'uncounted'
  | 'attachments'
  | 'search_stale'

const KEYS: Readonly<Record<Table, readonly string[]>> = {
  rooms: ['id'],
  members: ['room_id', 'user_id'],
  former_members: ['user_id', 'room_id'],
  invitations: ['user_id', 'room_id'],
  messages: ['room_id', 'seq'],
  pins: ['room_id', 'seq'],
  uncounted: ['room_id', 'seq'],
  attachments: ['file_id', 'room_id', 'seq'],
  search_stale: ['room_id', 'seq', 'rev'],
}

/**
 * Brings the tables from one place of the log to another, in one transaction that holds the lock of the partition's position. Who lags behind
 * waits for it and finds that there is nothing left to do. So no part of it is seen before the others, or done twice; a room passes over entries
 * that it has, too (`f`), should the position have been set back.
 * @throws when a document before these is missing
 */
export function createMysqlApply(db: ChatDb): (p: number, documents: readonly ChatDocument[]) => Promise<void> {
  return (p, documents) =>
    transaction(db, async (trx) => {
      const position = await lockPosition(trx, p)
      const fresh = documents.filter(({ n }) => n > position.n)
      for (const [i, { n }] of fresh.entries())
        if (n !== position.n + 1 + i)
          throw new Error(`partition ${p}: document ${position.n + 1 + i} is missing before ${n}`)
      const last = fresh.at(-1)
      if (!last) return
      const changes = new Changes(await read(trx, neededBy(fresh)))
      for (const document of fresh) changes.take(document)
      await write(trx, changes)
      const { n, at } = last
      await trx.updateTable('partition_positions').set({ n, at }).where('p', '=', p).execute()
    })
}

export async function lockPosition(trx: ChatTrx, p: number): Promise<Position> {
  const position = trx.selectFrom('partition_positions').select(['n', 'at']).where('p', '=', p).forUpdate()
  const found = await position.executeTakeFirst()
  if (found) return found
  await trx.insertInto('partition_positions').ignore().values({ p, n: 0, at: 0 }).execute()
  return position.executeTakeFirstOrThrow()
}

/** Rows with one of some keys: a range of the index each. */
const anyOf = (places: readonly Readonly<Record<string, unknown>>[], columns: readonly string[]) =>
  sql<boolean>`(${sql.join(
    places.map((place) => {
      const equal = columns.map((column) => sql`${sql.ref(column)} = ${place[column]}`)
      return sql`(${sql.join(equal, sql` AND `)})`
    }),
    sql` OR `,
  )})`

async function read(trx: ChatTrx, { rooms, members, invitations, messages }: Needed): Promise<Known> {
  const rows = <Row>(table: Table, places: readonly Readonly<Record<string, unknown>>[], columns = sql`*`) =>
    places.length === 0
      ? Promise.resolve({ rows: [] as Row[] })
      : sql<Row>`SELECT ${columns} FROM ${sql.table(table)} WHERE ${anyOf(places, KEYS[table])}`.execute(trx)
  const before = sql`room_id, seq, sent_log_at, content, file`
  return {
    rooms: (
      await rows<RoomRow>(
        'rooms',
        rooms.map((id) => ({ id })),
      )
    ).rows,
    members: (await rows<MemberRow>('members', members)).rows,
    invitations: (await rows<InvitationRow>('invitations', invitations)).rows,
    messages: (await rows<Before>('messages', messages, before)).rows,
  }
}

async function write(trx: ChatTrx, changes: Changes): Promise<void> {
  const { rooms, members, former, invitations, messages, pins, uncounted, attachments, stale } = changes
  await put(trx, 'rooms', rooms.written)
  await remove(trx, 'members', members.gone)
  await put(trx, 'members', members.written)
  await remove(trx, 'former_members', former.gone)
  await put(trx, 'former_members', former.written)
  await remove(trx, 'invitations', invitations.gone)
  await put(trx, 'invitations', invitations.written)
  await put(trx, 'search_stale', stale)
  await put(trx, 'messages', messages.written)
  await remove(trx, 'pins', pins.gone)
  await put(trx, 'pins', pins.written)
  await put(trx, 'uncounted', uncounted.written)
  await remove(trx, 'attachments', attachments.gone)
  await put(trx, 'attachments', attachments.written)
  const files = [...attachments.gone, ...attachments.written].map(({ file_id }) => file_id)
  await countAttachments(trx, [...new Set(files)].toSorted())
}

/** Rows as they are now, whether they were there or not. */
async function put(trx: ChatTrx, table: Table, rows: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
  for (const some of portionsOf(rows)) {
    const columns = Object.keys(some[0]!)
    const kept = columns.filter((column) => !KEYS[table].includes(column))
    const values = some.map((row) => sql`(${sql.join(columns.map((column) => row[column]))})`)
    // Where there is nothing but the key, the row stays as it is.
    const changed = (kept.length > 0 ? kept : columns.slice(0, 1)).map(
      (column) => sql`${sql.ref(column)} = VALUES(${sql.ref(column)})`,
    )
    await sql`INSERT INTO ${sql.table(table)} (${sql.join(columns.map((column) => sql.ref(column)))}) VALUES ${sql.join(values)}
      ON DUPLICATE KEY UPDATE ${sql.join(changed)}`.execute(trx)
  }
}

async function remove(trx: ChatTrx, table: Table, places: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
  for (let i = 0; i < places.length; i += ROWS_TOGETHER)
    await sql`DELETE FROM ${sql.table(table)} WHERE ${anyOf(places.slice(i, i + ROWS_TOGETHER), KEYS[table])}`.execute(
      trx,
    )
}

/** Other partitions may have the same files: each count is made with the row locked, of all that was committed before. */
export async function countAttachments(trx: ChatTrx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await trx.selectFrom('files').select('id').where('id', 'in', ids).orderBy('id').forUpdate().execute()
  await sql`UPDATE files SET attachments = (SELECT COUNT(*) FROM attachments a WHERE a.file_id = files.id)
    WHERE id IN (${sql.join(ids)})`.execute(trx)
}

function* portionsOf<Row extends Readonly<Record<string, unknown>>>(rows: readonly Row[]): Iterable<Row[]> {
  let portion: Row[] = []
  let characters = 0
  for (const row of rows) {
    const size = Object.values(row).reduce<number>(
      (sum, value) => sum + (typeof value === 'string' ? value.length : 0),
      0,
    )
    if (portion.length === ROWS_TOGETHER || (portion.length > 0 && characters + size > CHARACTERS_TOGETHER)) {
      yield portion
      portion = []
      characters = 0
    }
    portion.push(row)
    characters += size
  }
  if (portion.length > 0) yield portion
}
