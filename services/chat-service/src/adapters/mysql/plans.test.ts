import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectMysql, sql } from '@bigtech/sql'
import { mysqlEngine, temporaryMysql } from '@bigtech/sql/testing'
import type { CompiledQuery } from 'kysely'
import { chatMysqlMigrations } from '../../migrations/index.ts'
import type { ChatTables, People } from '../partition/ports.ts'
import type { FileStore } from '../../ports.ts'
import { createMysqlApply } from './apply.ts'
import { createMysqlChatTables } from './chat-tables.ts'
import { createMysqlFiles } from './files.ts'
import { fillLargeChat, LARGE } from './large-chat.fixture.ts'
import { createMysqlPeople } from './people.ts'
import type { ChatDb, ChatSchema } from './tables.ts'

type Stores = { tables: ChatTables; people: People; files: FileStore }

const { busy, direct, me, end } = LARGE
const some = Array.from({ length: 50 }, (_, i) => i + 1)

/**
 * What is read: how many statements at most, and rows of tables and indexes looked at. `me` is in 200 rooms, one of which is busy; each has
 * some 20 members and 40 messages.
 */
const READS: Record<string, [read: (stores: Stores) => Promise<unknown>, statements: number, rows: number]> = {
  find: [({ tables }) => tables.rooms.find(busy, me), 1, 10],
  sender: [({ tables }) => tables.rooms.sender(direct, me), 1, 20],
  partner: [({ tables }) => tables.rooms.partner(direct, me), 1, 20],
  member: [({ tables }) => tables.rooms.member(busy, me), 1, 5],
  members: [({ tables }) => tables.rooms.members(busy), 1, 60],
  audience: [({ tables }) => tables.rooms.audience(busy), 2, 65],
  'membersAmong, by id': [
    ({ tables }) => tables.rooms.membersAmong({ room_id: busy, user_ids: [1, 2], names: [] }),
    1,
    20,
  ],
  'membersAmong, by name': [
    ({ tables }) => tables.rooms.membersAmong({ room_id: busy, user_ids: [], names: [`user${me}`, 'nobody'] }),
    1,
    20,
  ],
  memberPage: [({ tables }) => tables.rooms.memberPage({ room_id: busy, after_user_id: 10, limit: 5 }), 1, 10],
  others: [({ tables }) => tables.rooms.others(busy, me, 3), 1, 10],
  roomIdsOf: [({ tables }) => tables.rooms.roomIdsOf(me), 1, 500],
  readSeqs: [({ tables }) => tables.rooms.readSeqs(busy), 1, 100],
  list: [({ tables }) => tables.rooms.list({ user_id: me, before: undefined, limit: 50 }), 3, 3_000],
  'list, a page': [({ tables }) => tables.rooms.list({ user_id: me, before: [30_000, 9], limit: 50 }), 3, 3_000],
  listAround: [
    ({ tables }) =>
      tables.rooms.listAround({ user_id: me, before: undefined, limit: 50 }, (id) => (id % 9 ? 1 : undefined)),
    4,
    1_500,
  ],
  listed: [({ tables }) => tables.rooms.listed(busy, me), 3, 50],
  uncounted: [({ tables }) => tables.rooms.uncounted(busy, end - 500), 1, 100],
  invitations: [({ tables }) => tables.rooms.invitations(me), 1, 200],
  invite: [({ tables }) => tables.rooms.invite(busy), 1, 5],
  roomOfInvite: [({ tables }) => tables.rooms.roomOfInvite('code-7', 1), 1, 5],
  get: [({ tables }) => tables.messages.get(busy, 9_000), 1, 5],
  'page back': [
    ({ tables }) => tables.messages.page({ room_id: busy, after: 0, before: 9_000, limit: 50, fromEnd: true }),
    1,
    60,
  ],
  'page on': [
    ({ tables }) => tables.messages.page({ room_id: busy, after: 9_000, before: 1e9, limit: 50, fromEnd: false }),
    1,
    60,
  ],
  changes: [({ tables }) => tables.messages.changes({ room_id: busy, since_rev: 100, limit: 200 }), 2, 600],
  pins: [({ tables }) => tables.messages.pins(busy, 0), 1, 200],
  // Of all rooms, of which the busy one has far more than is told; of each one more than the limit is counted.
  missed: [({ tables }) => tables.missed({ user_id: me, at: 50, limit: 100, total: 1_000 }), 10, 40_000],
  'missed, a moment': [
    ({ tables }) => tables.missed({ user_id: me, at: end * 10 - 50, limit: 100, total: 1_000 }),
    7,
    1_000,
  ],
  memberships: [({ tables }) => tables.memberships(me), 1, 1_500],
  groupsOf: [({ tables }) => tables.groupsOf(me), 1, 1_000],
  invitedTo: [({ tables }) => tables.invitedTo(me), 1, 100],
  'find of a batch': [
    ({ tables }) =>
      tables.find({
        rooms: [busy, direct],
        rows: some.map((seq) => ({ room_id: busy, seq })),
        sent: some.map((n) => ({ room_id: busy, user_id: 1 + (n % 20), client_message_id: `c${n}` })),
        names: some,
        counts: [1, 2, 3],
      }),
    10,
    2_000,
  ],
  profiles: [({ people }) => people.profiles(some), 1, 100],
  highestId: [({ people }) => people.highestId(), 1, 5],
  blocked: [({ people }) => people.blocked(1, 2), 2, 10],
  'usage of files': [({ files }) => files.usage(3), 1, 50],
  'a file': [({ files }) => files.get('f7'), 1, 5],
  visibleTo: [({ files }) => files.visibleTo('f7', me), 2, 20],
  // Grows with the messages that have all the terms: here 4,000 in the busy room, and 8 in each of the others.
  'search, all rooms': [
    ({ tables }) =>
      tables.messages.search({ user_id: me, words: ['김치', '찌개'], room_id: null, before: null, limit: 20 }),
    4,
    25_000,
  ],
  'search, one room': [
    ({ tables }) => tables.messages.search({ user_id: me, words: ['물'], room_id: direct, before: null, limit: 20 }),
    4,
    1_000,
  ],
}

type Reads = { bare: ChatDb; said: CompiledQuery[]; stores: Stores }

test('reads take a bounded number of statements, and indexes alone', mysqlEngine, async (t) => {
  const { db, options } = await temporaryMysql<ChatSchema>(t, chatMysqlMigrations)
  await fillLargeChat(db)
  // One connection: its counters tell what a read has cost.
  const bare = await connectMysql<ChatSchema>({ ...options, connections: 1 })
  t.after(() => bare.destroy())
  const said: CompiledQuery[] = []
  const listening = bare.withPlugin({
    transformQuery({ node, queryId }) {
      said.push(bare.getExecutor().compileQuery(node, queryId))
      return node
    },
    transformResult: async ({ result }) => result,
  })
  const stores = {
    tables: createMysqlChatTables(listening, LARGE.partitions, createMysqlApply(listening)),
    people: createMysqlPeople(listening),
    files: createMysqlFiles(listening),
  }
  for (const [name, [read, statements, rows]] of Object.entries(READS))
    await t.test(name, () => check({ bare, said, stores }, read, statements, rows))

  await t.test('and the check sees one that has none', async () => {
    const scan = () => listening.selectFrom('messages').select('seq').where('content', '=', 'ㅋㅋㅋ').execute()
    await assert.rejects(check({ bare, said, stores }, scan, 1, 100), /messages: ALL/)
    const many = () => stores.tables.messages.page({ room_id: busy, after: 0, before: 1e9, limit: 900, fromEnd: true })
    await assert.rejects(check({ bare, said, stores }, many, 1, 100), /rows were read/)
  })
})

async function check(
  { bare, said, stores }: Reads,
  read: (stores: Stores) => Promise<unknown>,
  statements: number,
  rows: number,
) {
  said.length = 0
  // To look is counted, too.
  const [idle, start] = [await readSoFar(bare), await readSoFar(bare)]
  const answer = await read(stores)
  const looked = (await readSoFar(bare)) - start - (start - idle)
  assert.ok(isSomething(answer), `there is nothing to be read: ${JSON.stringify(answer)}`)
  const plans: string[] = []
  for (const query of said) {
    const { rows: steps } = await bare.executeQuery<Step>({ ...query, sql: `EXPLAIN ${query.sql}` })
    for (const { table, type } of steps)
      // What is made in memory (<derived2>) is walked through, and so may be the positions: as few as there are partitions.
      if (table && !/^(<|pos$)/.test(table) && (type === 'ALL' || type === 'index')) plans.push(`${table}: ${type}`)
  }
  assert.deepEqual(plans, [], plans.join(', '))
  assert.ok(said.length <= statements, `${said.length} statements`)
  assert.ok(looked <= rows, `${looked} rows were read, in ${said.length} statements`)
}

/** Rows of tables and indexes, in this session. */
async function readSoFar(db: ChatDb): Promise<number> {
  const { rows } = await sql<{ Value: string }>`SHOW SESSION STATUS LIKE 'Handler\\_read\\_%'`.execute(db)
  return rows.reduce((sum, { Value }) => sum + Number(Value), 0)
}

type Step = { table: string | null; type: string | null }

const isSomething = (answer: unknown): boolean =>
  answer instanceof Map ? answer.size > 0 : Array.isArray(answer) ? answer.length > 0 : answer !== undefined
