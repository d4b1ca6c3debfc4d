import assert from 'node:assert/strict'
import { searchWords } from '@bigtech/kernel'
import fc from 'fast-check'
import type { FileStore, MessageLog, Memberships, RoomQueries } from '../../ports.ts'
import type { ChatTables } from '../partition/ports.ts'
import type { ChatStore } from '../sqlite/store.ts'
import { PARTITIONS } from './copy.fixture.ts'
import { ROOMS, step, take, USERS, type Step } from './random-chat.fixture.ts'

const END = Number.MAX_SAFE_INTEGER
const QUERIES = ['김치', '치찌', '물', 'c++', '+', 'cafe', '사진', '좋아 👍', '도좋', '%', '김치 world', '없는말']

/** What is asked of both. */
type Read = {
  messages: Omit<MessageLog, 'append' | 'change'>
  rooms: Memberships & RoomQueries
  files: FileStore
}
type Tables = ChatTables & { files: FileStore }

/** Place in the commit order of a chat.db that a token of it stands for. */
const placeOf = (token: string) => Number.parseInt(token.split('.')[1]!, 36)

/**
 * What is read of the same rows is the same, after random actions.
 * @param copy makes the tables hold what the SQLite store does
 */
export async function compareReads(sqlite: ChatStore, tables: Tables, copy: () => Promise<void>, numRuns: number) {
  const rooms: number[] = []
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 90 }), async (steps: readonly Step[]) => {
      const tokens = [sqlite.feed.token()]
      for (const [i, one] of steps.entries()) {
        await take(sqlite, rooms, one)
        if (i % 20 === 0) tokens.push(sqlite.feed.token())
      }
      await copy()
      for (const room of rooms.slice(-ROOMS)) await compareRoom(sqlite, tables, room)
      for (const user of USERS) await comparePerson(sqlite, tables, user, tokens)
    }),
    { numRuns, interruptAfterTimeLimit: 60_000 },
  )
}

async function compareRoom(sqlite: ChatStore, tables: Tables, room_id: number): Promise<void> {
  const same = async <T>(ask: (store: Read) => Promise<T>, what: string) =>
    assert.deepEqual(await ask(tables), await ask(sqlite), what)
  const everything = { room_id, after: 0, before: END, limit: 1_000, fromEnd: false }
  const rows = await sqlite.messages.page(everything)
  const head = rows.at(-1)?.seq ?? 0
  await same(({ messages }) => messages.page(everything), 'all messages')
  await same(({ messages }) => messages.page({ ...everything, limit: 3, fromEnd: true, before: head }), 'page back')
  await same(({ messages }) => messages.page({ ...everything, limit: 3, after: 2 }), 'page on')
  const those = { ...everything, before: head, authors: [1], limit: 3 }
  await same(({ messages }) => messages.worthTelling(those), 'what is worth telling')
  await same(({ messages }) => messages.get(room_id, head), 'the last')
  await same(({ messages }) => messages.get(room_id, head + 1), 'none')
  await same(async ({ messages }) => (await messages.pins(room_id, 1)).toSorted((a, b) => a.seq - b.seq), 'pins')
  await same(({ rooms }) => rooms.members(room_id), 'members')
  await same(({ rooms }) => rooms.memberPage({ room_id, after_user_id: 2, limit: 2 }), 'member page')
  await same(({ rooms }) => rooms.others(room_id, 1, 3), 'others')
  await same(({ rooms }) => rooms.readSeqs(room_id), 'read positions')
  await same(({ rooms }) => rooms.uncounted(room_id, 1), 'uncounted')
  await same(({ rooms }) => rooms.invite(room_id), 'link')
  const link = await sqlite.rooms.invite(room_id)
  if (link) await same(({ rooms }) => rooms.roomOfInvite(link.code, 1), 'room of a link')
  if (link) await same(({ rooms }) => rooms.roomOfInvite(link.code, 10_000), 'room of a link that is over')
  // Portions may be cut at other places: together they are the same.
  const whole = (store: Read, since_rev: number) => store.messages.changes({ room_id, since_rev, limit: 10_000 })
  for (const since of [0, 3, head]) await same((store) => whole(store, since), 'changes')
  for (const user of USERS) {
    await same(({ rooms }) => rooms.find(room_id, user), 'room and membership')
    await same(({ rooms }) => rooms.member(room_id, user), 'membership')
    const sender = (await sqlite.rooms.sender(room_id, user))!
    // Groups have no partner; `partner` is asked of direct rooms.
    await same(({ rooms }) => rooms.sender(room_id, user), 'sender')
    if (sender.room_type === 'direct') await same(({ rooms }) => rooms.partner(room_id, user), 'partner')
    await same(async ({ rooms }) => withoutVersion(await rooms.listed(room_id, user)), 'one room')
  }
}

const withoutVersion = <T extends object>(entry: T | undefined) => entry && { ...entry, version: undefined }

async function comparePerson(sqlite: ChatStore, tables: Tables, user_id: number, tokens: readonly string[]) {
  const same = async <T>(ask: (store: Read) => Promise<T>, what: string) =>
    assert.deepEqual(await ask(tables), await ask(sqlite), what)
  const list = { user_id, before: undefined, limit: 1_000 }
  await same(async ({ rooms }) => (await rooms.list(list)).map(withoutVersion), 'list')
  const [first] = await sqlite.rooms.list({ ...list, limit: 1 })
  if (first) {
    const before = [first.last_activity_at, first.room.id] as const
    await same(async ({ rooms }) => (await rooms.list({ ...list, before, limit: 2 })).map(withoutVersion), 'page')
    await same(
      ({ rooms }) => rooms.listAround(list, (room) => (room === first.room.id ? undefined : room)),
      'list around',
    )
  }
  await same(async ({ rooms }) => (await rooms.roomIdsOf(user_id)).toSorted((a, b) => a.room_id - b.room_id), 'rooms')
  await same(({ rooms }) => rooms.invitations(user_id), 'invitations')
  await same(({ files }) => files.usage(user_id), 'usage')
  for (const id of ['f1', 'f2', 'f3']) await same(({ files }) => files.visibleTo(id, user_id), 'file')
  for (const query of QUERIES)
    for (const room_id of [null, 1])
      await same(async ({ messages }) => {
        const of = { user_id, words: searchWords(query), room_id, limit: 2 }
        const found = []
        for (let before: string | null = null, i = 0; i < 4; i++) {
          const hits: NonNullable<Awaited<ReturnType<typeof messages.search>>> = (await messages.search({
            ...of,
            before,
          }))!
          found.push(...hits.map(({ row }) => row))
          if (hits.length < 2) break
          before = hits.at(-1)!.cursor
        }
        return found
      }, `search ${query}`)
  for (const token of tokens)
    for (const { limit, total } of [
      { limit: 1_000, total: 1_000 },
      { limit: 5, total: 9 },
    ]) {
      const { token: _, ...expected } = (await sqlite.feed.missed({ user_id, token, limit, total }))!
      const { missed: found } = await tables.missed({ user_id, at: placeOf(token), limit, total })
      assert.deepEqual(
        found,
        { rooms: expected.rooms.map(sorted), left: expected.left.toSorted((a, b) => a - b) },
        'missed',
      )
    }
  const places = await tables.memberships(user_id)
  assert.deepEqual(
    places.map(({ room, n }) => ({ room, n })),
    (await tables.rooms.roomIdsOf(user_id)).map(({ room_id: room }) => ({ room, n: 1_000 + (room % PARTITIONS) })),
  )
}

const sorted = <T extends { reads: readonly { user_id: number; read_seq: number }[] }>(room: T): T => ({
  ...room,
  reads: room.reads.map((read) => ({ ...read })).toSorted((a, b) => a.user_id - b.user_id),
})
