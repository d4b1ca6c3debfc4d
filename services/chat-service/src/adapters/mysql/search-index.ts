import { transaction } from '@bigtech/sql'
import type { FileInfo } from '../../domain/message.ts'
import { searchText } from '../../domain/search-text.ts'
import { termsOf } from './search-terms.ts'
import type { ChatDb, ChatTrx } from './tables.ts'

/** Messages indexed in one transaction. */
const TOGETHER = 200
/** Rows of a multi-row statement: below the server's limit of a packet. */
const ROWS_TOGETHER = 2_000

type Text = { content: string; file: string | null }

/** Brings the rooms of a person, or one of them, up to what is committed now. Other processes may do the same at the same time. */
export async function catchUp(db: ChatDb, userId: number, roomId: number | null): Promise<void> {
  let behind = db
    .selectFrom('members as m')
    .innerJoin('rooms as r', 'r.id', 'm.room_id')
    .leftJoin('search_rooms as s', 's.room_id', 'm.room_id')
    .select(['r.id', 'r.rev'])
    .where('m.user_id', '=', userId)
    .where((where) => where.or([where('s.rev', 'is', null), where('s.rev', '<', where.ref('r.rev'))]))
  if (roomId !== null) behind = behind.where('m.room_id', '=', roomId)
  for (const { id, rev } of await behind.execute()) await indexRoom(db, id, rev)
}

/**
 * Writes what a room's messages are found by, up to that revision, in steps of their own. No step leaves out or doubles what another does at the
 * same time: the room's row in `search_rooms` is locked. @returns when the room is there
 */
export async function indexRoom(db: ChatDb, roomId: number, upTo: number): Promise<void> {
  while ((await transaction(db, (trx) => indexStep(trx, roomId))) < upTo);
}

/** @returns the revision up to which the room is indexed now */
async function indexStep(trx: ChatTrx, roomId: number): Promise<number> {
  await trx
    .insertInto('search_rooms')
    .values({ room_id: roomId, rev: 0 })
    .onDuplicateKeyUpdate((row) => ({ room_id: row.ref('search_rooms.room_id') }))
    .execute()
  const { rev } = await trx
    .selectFrom('search_rooms')
    .select('rev')
    .where('room_id', '=', roomId)
    .executeTakeFirstOrThrow()
  const head = await trx.selectFrom('rooms').select('rev').where('id', '=', roomId).executeTakeFirst()
  if (!head) return Infinity
  const rows = await trx
    .selectFrom('messages')
    .select(['seq', 'rev', 'sent_log_at', 'content', 'file', 'message_type', 'deleted_at'])
    .where('room_id', '=', roomId)
    .where('rev', '>', rev)
    .orderBy('rev')
    .limit(TOGETHER)
    .execute()
  const searchable = rows.filter((row) => row.message_type !== 'system' && row.deleted_at === null)
  await insert(
    trx,
    searchable.flatMap((row) => place(roomId, row)),
  )
  // After the messages: who saw one that was changed sees the text that it had.
  while (await forget(trx, roomId));
  // The head was read before the rows: what they lack of it is in no row any more.
  const reached = rows.length < TOGETHER ? Math.max(head.rev, rows.at(-1)?.rev ?? 0) : rows.at(-1)!.rev
  await trx.updateTable('search_rooms').set({ rev: reached }).where('room_id', '=', roomId).execute()
  return reached
}

/** Takes away the terms of texts that are no more, and leaves those that the message has as it is now. @returns whether there were any */
async function forget(trx: ChatTrx, roomId: number): Promise<boolean> {
  const stale = await trx.selectFrom('search_stale').selectAll().where('room_id', '=', roomId).limit(TOGETHER).execute()
  if (stale.length === 0) return false
  const seqs = [...new Set(stale.map(({ seq }) => seq))]
  const current = await trx
    .selectFrom('messages')
    .select(['seq', 'sent_log_at', 'content', 'file', 'deleted_at'])
    .where('room_id', '=', roomId)
    .where('seq', 'in', seqs)
    .execute()
  for (const row of current) {
    const kept = row.deleted_at === null ? termsOf(textOf(row)) : new Set<string>()
    const gone = new Set(stale.filter(({ seq }) => seq === row.seq).flatMap((text) => [...termsOf(textOf(text))]))
    const terms = [...gone].filter((term) => !kept.has(term)).map((term) => Buffer.from(term))
    if (terms.length === 0) continue
    await trx
      .deleteFrom('search_terms')
      .where('room_id', '=', roomId)
      .where('term', 'in', terms)
      .where('sent_log_at', '=', row.sent_log_at)
      .where('seq', '=', row.seq)
      .execute()
  }
  for (const { seq, rev } of stale)
    await trx
      .deleteFrom('search_stale')
      .where('room_id', '=', roomId)
      .where('seq', '=', seq)
      .where('rev', '=', rev)
      .execute()
  return true
}

const textOf = ({ content, file }: Text): string =>
  searchText(content, file === null ? null : (JSON.parse(file) as FileInfo))

const place = (room_id: number, row: Text & { seq: number; sent_log_at: number }) =>
  [...termsOf(textOf(row))].map((term) => ({
    room_id,
    term: Buffer.from(term),
    sent_log_at: row.sent_log_at,
    seq: row.seq,
  }))

async function insert(trx: ChatTrx, terms: readonly ReturnType<typeof place>[number][]): Promise<void> {
  const sorted = terms.toSorted((a, b) => Buffer.compare(a.term, b.term))
  for (let i = 0; i < sorted.length; i += ROWS_TOGETHER)
    await trx
      .insertInto('search_terms')
      .values(sorted.slice(i, i + ROWS_TOGETHER))
      .onDuplicateKeyUpdate((row) => ({ seq: row.ref('search_terms.seq') }))
      .execute()
}
