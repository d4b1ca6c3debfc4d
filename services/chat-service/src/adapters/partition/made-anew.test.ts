import assert from 'node:assert/strict'
import { suite, test, type TestContext } from 'node:test'
import { openSqlite, openSqliteDatabase } from '@bigtech/sql'
import { eventually, tempDir } from '@bigtech/testkit'
import { join } from 'node:path'
import { migrations } from '../../migrations/index.ts'
import { change, text } from '../chat-store.fixture.ts'
import type { ChatDocument } from './entries.ts'
import type { ChatTables } from './ports.ts'
import { createTables } from './reads.fixture.ts'
import { openProcesses, PARTITIONS } from './store.fixture.ts'
import { MORE_TABLES } from './tables.fixture.ts'

/** Processes whose tables are, from `begin` to `end`, as if they were made anew just now: as far as they were at `mark`. */
async function openAnew(t: TestContext) {
  const file = join(tempDir(t), 'anew.db')
  await (await openSqliteDatabase(file, 'chat', migrations)).destroy()
  const db = openSqlite(file)
  db.exec(`PRAGMA synchronous = OFF; ${MORE_TABLES}`)
  const anew = createTables(db, PARTITIONS)
  const state = { isAnew: false, isMarked: false, reads: 0 }
  const tables = (whole: ChatTables): ChatTables => ({
    ...whole,
    async apply(p: number, documents: readonly ChatDocument[]) {
      await whole.apply(p, documents)
      if (!state.isMarked) await anew.apply(p, documents)
    },
    async find(wanted) {
      state.reads++
      return (state.isAnew ? anew : whole).find(wanted)
    },
    positions: () => (state.isAnew ? anew : whole).positions(),
    memberships: (member) => (state.isAnew ? anew : whole).memberships(member),
    groupsOf: (user) => (state.isAnew ? anew : whole).groupsOf(user),
    invitedTo: (user) => (state.isAnew ? anew : whole).invitedTo(user),
    rooms: { ...whole.rooms, audience: (room) => (state.isAnew ? anew : whole).rooms.audience(room) },
  })
  const processes = await openProcesses(t, ['a#1'], { kept: { rooms: 1, rows: 1 }, tables })
  t.after(() => db.close())
  const group = async (...member_ids: number[]) => {
    const made = await processes.rooms.createGroup({ ...change(1), name: '모임', member_ids })
    assert.ok(typeof made === 'object')
    return made.room_id
  }
  // What was told is seen.
  const settle = () =>
    eventually(() => {
      for (const { owner, seen } of processes.all[0]!.node.status()) assert.ok(owner?.isServing && seen.n >= owner.n)
    })
  return { ...processes, state, group, settle }
}

const isUnavailable = { code: 'STORAGE_UNAVAILABLE' }

suite('while tables are made anew', () => {
  test('who has seen nothing of before takes what is there for no more than it is', async (t) => {
    let isAnew = false
    const { all, rooms } = await openProcesses(t, ['a#1'], {
      tables: (whole) => ({
        ...whole,
        positions: async () =>
          (await whole.positions()).map((one) => ({ ...one, wholeFrom: isAnew ? one.n + 1 : one.n })),
      }),
    })
    const [{ feed }] = all as [(typeof all)[number]]
    const made = await rooms.createGroup({ ...change(1), name: '모임', member_ids: [2] })
    assert.ok(typeof made === 'object')
    isAnew = true
    await assert.rejects(
      feed.follow(2, () => undefined),
      /made anew/,
    )
    await assert.rejects(rooms.audience(made.room_id), isUnavailable)
    isAnew = false
    const close = await feed.follow(2, () => undefined)
    close()
  })

  test('nobody begins to listen to a part of their rooms, and nothing is done for good by a part of them', async (t) => {
    const { state, group, settle, all, rooms, closures } = await openAnew(t)
    state.isMarked = true
    const room = await group(2)
    await settle()
    state.isAnew = true
    const [{ feed }] = all as [(typeof all)[number]]
    await assert.rejects(
      feed.follow(2, () => undefined),
      /made anew/,
    )
    await assert.rejects(rooms.audience(room), isUnavailable)
    const erase = () => closures.erase({ ...change(2), event_id: 'erased', user_id: 2 })
    await assert.rejects(erase(), isUnavailable)
    state.isAnew = false
    const close = await feed.follow(2, () => undefined)
    close()
    assert.deepEqual(
      (await rooms.audience(room))?.members.map(({ user_id }) => user_id),
      [1, 2],
    )
    await erase()
    assert.deepEqual(
      (await rooms.members(room)).map(({ user_id }) => user_id),
      [1],
    )
  })

  test('nothing is decided on a room that they have not come to: no number is given twice, and nobody is refused', async (t) => {
    const { state, group, messages } = await openAnew(t)
    const room = await group(2)
    const say = async (by: number, id: number, content: string) => {
      const sent = await messages.append(text(id, by, content))
      assert.ok(typeof sent === 'object', JSON.stringify(sent))
      return sent.row.seq
    }
    state.isMarked = true
    const seq = await say(1, room, '하나')
    // Others of its partition are used, until it is not in memory any more.
    for (let made = 0; made < 2;) {
      const other = await group(2)
      if (other % PARTITIONS !== room % PARTITIONS) continue
      await say(1, other, '딴 방')
      made++
    }
    state.isAnew = true
    state.reads = 0
    const next = say(2, room, '둘')
    await eventually(() => assert.ok(state.reads > 2))
    state.isAnew = false
    assert.equal(await next, seq + 1)
    const page = await messages.page({ room_id: room, after: 0, before: 100, limit: 100, fromEnd: false })
    assert.deepEqual(
      page.filter(({ message_type }) => message_type === 'text').map(({ content }) => content),
      ['하나', '둘'],
    )
  })
})
