import type { Position } from '@bigtech/partition-log'
import { readThenWrite, type Statement, together } from '@bigtech/sql'
import type { ChatDocument } from '../partition/entries.ts'
import type { Place } from '../partition/ports.ts'
import { Changes, neededBy, type Before, type Known, type Needed } from './changes.ts'
import { messagesBeside, type RoomMessages } from './room-messages.ts'
import { putRows, removeRows, run, selectRows } from './row-statements.ts'
import type { ChatDb, ChatTrx } from './tables.ts'

/** Entries of documents that are applied in one transaction, about. */
const ENTRIES_TOGETHER = 2_000

type Some = Readonly<{ p: number; documents: readonly ChatDocument[] }>

/**
 * Brings the tables from one place of the log to another, in one transaction that holds the lock of the partition's position; what comes of other
 * partitions meanwhile is done together in the next. Who lags behind waits for it and finds that there is nothing left to do. So no part of it is
 * seen before the others, or done twice; a room passes over entries that it has, too (`f`), should the position have been set back.
 * @param db opened with `scripts` @param messages of another store: written before the transaction ends
 * @throws when a document before these is missing
 */
export function createMysqlApply(
  db: ChatDb,
  { elsewhere }: Pick<RoomMessages, 'elsewhere'> = messagesBeside,
): (p: number, documents: readonly ChatDocument[]) => Promise<void> {
  const apply = together<Some, void>(
    async (all) => {
      const missing = await applyAll(db, elsewhere, all)
      if (missing.length > 0) {
        await makePositions(db, missing)
        await applyAll(db, elsewhere, all)
      }
      return all.map(() => undefined)
    },
    {
      sizeOf: ({ documents }) => documents.reduce((sum, { entries }) => sum + entries.length, 0),
      most: ENTRIES_TOGETHER,
    },
  )
  return (p, documents) => apply({ p, documents })
}

/** @returns partitions without a position: nothing was done then */
async function applyAll(db: ChatDb, elsewhere: RoomMessages['elsewhere'], all: readonly Some[]): Promise<number[]> {
  const ps = [...new Set(all.map(({ p }) => p))]
  let missing: number[] = []
  // Who has not got the lock yet does not know what is new: some rows may be read in vain.
  const needed = neededBy(all.flatMap(({ documents }) => documents))
  const { statements, known } = toBeRead(needed, elsewhere ? [] : needed.messages)
  await readThenWrite(db, [selectPositions(ps), ...statements], async ([positions, ...found]) => {
    const reached = toPositions(positions as PositionRow[])
    missing = ps.filter((p) => !reached.has(p))
    if (missing.length > 0) return undefined
    const fresh = advance(reached, all)
    if (fresh.length === 0) return undefined
    const rows = known(found)
    const changes = new Changes(elsewhere ? { ...rows, messages: await elsewhere.before(needed.messages) } : rows)
    for (const document of fresh) changes.take(document)
    const moved = [...new Set(fresh.map(({ p }) => p))].map((p) => ({ p, ...reached.get(p)! }))
    // Last, so that what is written elsewhere is ahead of this only as long as it takes to write and commit.
    await elsewhere?.write(changes)
    return [...statementsOf(changes, !elsewhere), ...putRows('partition_positions', moved)]
  })
  return missing
}

/** Moves the positions on. @returns what is above them @throws when something is missing between */
function advance(positions: Map<number, Position>, all: readonly Some[]): ChatDocument[] {
  const fresh: ChatDocument[] = []
  for (const { p, documents } of all)
    for (const document of documents) {
      const { n } = positions.get(p)!
      if (document.n <= n) continue
      if (document.n !== n + 1) throw new Error(`partition ${p}: document ${n + 1} is missing before ${document.n}`)
      fresh.push(document)
      positions.set(p, { n: document.n, at: document.at })
    }
  return fresh
}

type PositionRow = Position & Readonly<{ p: number }>

/** In the same order for all, lest two wait for each other. */
const selectPositions = (ps: readonly number[]): Statement => ({
  text: `SELECT p, n, at FROM partition_positions WHERE p IN (${Array.from(ps, () => '?').join(', ')}) ORDER BY p FOR UPDATE`,
  values: ps,
})

const toPositions = (rows: readonly PositionRow[]): Map<number, Position> =>
  new Map(rows.map(({ p, n, at }) => [p, { n, at }]))

const makePositions = (on: ChatDb | ChatTrx, ps: readonly number[]) =>
  on
    .insertInto('partition_positions')
    .ignore()
    .values(ps.map((p) => ({ p, n: 0, at: 0 })))
    .execute()

/** It has one from now on; nobody else changes it, or applies anything of the partition, before this has ended. */
export async function lockPosition(trx: ChatTrx, p: number): Promise<Position> {
  const read = async () => toPositions(await run<PositionRow>(trx, selectPositions([p]))).get(p)
  const found = await read()
  if (found) return found
  await makePositions(trx, [p])
  return (await read())!
}

const BEFORE = ['room_id', 'seq', 'sent_log_at', 'content', 'file', 'mentions'] satisfies (keyof Before)[]

/** What is to be read of tables that have any of it; and how what is found is put in order. */
function toBeRead({ rooms, members, invitations }: Needed, messages: readonly Place[]) {
  const all = {
    rooms: rooms.map((id) => ({ id })),
    members,
    invitations,
    messages,
  } satisfies Record<keyof Known, readonly object[]>
  const tables = (Object.keys(all) as (keyof Known)[]).filter((table) => all[table].length > 0)
  const none: Known = { rooms: [], members: [], invitations: [], messages: [] }
  return {
    statements: tables.map((table) => selectRows(table, all[table], table === 'messages' ? BEFORE : undefined)),
    known: (found: readonly (readonly unknown[])[]): Known => ({
      ...none,
      ...(Object.fromEntries(tables.map((table, i) => [table, found[i]])) as Partial<Known>),
    }),
  }
}

function statementsOf(changes: Changes, withMessages: boolean): Statement[] {
  const { rooms, members, former, invitations, messages, pins, uncounted, mentioned, attachments, stale } = changes
  const files = [...attachments.gone, ...attachments.written].map(({ file_id }) => file_id)
  return [
    ...putRows('rooms', rooms.written),
    ...removeRows('members', members.gone),
    ...putRows('members', members.written),
    ...removeRows('former_members', former.gone),
    ...putRows('former_members', former.written),
    ...removeRows('invitations', invitations.gone),
    ...putRows('invitations', invitations.written),
    ...(withMessages ? [...putRows('search_stale', stale), ...putRows('messages', messages.written)] : []),
    ...removeRows('pins', pins.gone),
    ...putRows('pins', pins.written),
    ...putRows('uncounted', uncounted.written),
    ...removeRows('mentioned', mentioned.gone),
    ...putRows('mentioned', mentioned.written),
    ...removeRows('attachments', attachments.gone),
    ...putRows('attachments', attachments.written),
    ...countAttachments([...new Set(files)].toSorted()),
  ]
}

/** Other partitions may have the same files: each count is made with the row locked, of all that was committed before. */
export function countAttachments(ids: readonly string[]): Statement[] {
  if (ids.length === 0) return []
  const some = Array.from(ids, () => '?').join(', ')
  return [
    { text: `SELECT id FROM files WHERE id IN (${some}) ORDER BY id FOR UPDATE`, values: ids },
    {
      text: `UPDATE files SET attachments = (SELECT COUNT(*) FROM attachments a WHERE a.file_id = files.id)
    WHERE id IN (${some})`,
      values: ids,
    },
  ]
}
