import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { mysqlEngine, temporaryMysql } from '@bigtech/sql/testing'
import { row } from '../../domain/message.fixture.ts'
import type { MessageRow } from '../../domain/message.ts'
import { chatMysqlMigrations } from '../../migrations/index.ts'
import { createMysqlApply } from '../mysql/apply.ts'
import { openMysqlChat } from '../mysql/open.ts'
import type { ChatSchema } from '../mysql/tables.ts'
import type { ChatDocument, Happened } from '../partition/entries.ts'
import type { ChatTables } from '../partition/ports.ts'
import { createMongodbChatTables } from './chat-tables.ts'
import { openMongodbChatLog } from './open-log.ts'
import { openMongodbChat } from './open.ts'
import { createMongodbMessages } from './room-messages.ts'
import { onEachMongodb, temporaryMongodb } from './temporary.fixture.ts'

const PARTITIONS = 4
const room_id = 6
const p = room_id % PARTITIONS
const on = { now: 1, traceparent: 't' }
const everything = { room_id, after: 0, before: 1e9, limit: 100, fromEnd: true }

let f = 0
const document = (n: number, ...bodies: readonly Happened[]): ChatDocument => ({
  p,
  n,
  term: 1,
  at: 1_000 + n,
  by: `${n}`,
  entries: bodies.map((body) => ({ room: room_id, f: ++f, key: `${f}`, body: { v: 1, ...body } })),
})
const said = (seq: number, content: string, rev = seq): Happened => ({
  kind: 'message',
  row: { ...row, room_id, seq, rev, content },
  unread_count: 0,
  old_read_seq: 0,
  reads: true,
  last_activity_at: 1,
  shown: [],
  on,
})
const edited = (rev: number, content: string): Happened => ({
  kind: 'changed',
  row: { ...row, room_id, seq: 1, rev, content, edited_at: rev },
  unread_count: 0,
  change: 'edit',
  by: 1,
  detached: null,
  since: 1,
  on,
})
const left = (user_id: number): Happened => ({
  kind: 'left',
  user_id,
  via: 'removed',
  new_owner: null,
  member_count: 1,
  withdrawn: [],
  on,
})

/** A room of two with a message in it. */
function first(): ChatDocument {
  f = 0
  const member = { role: 'member', join_seq: 0, joined_at: 1, read_seq: 0 } as const
  const room = { type: 'group', name: null, created_by: 1, created_at: 1 } as const
  const members = [1, 2].map((user_id) => ({ user_id, ...member }))
  return document(1, { kind: 'created', room, members, on }, said(1, '김치'))
}

const texts = (rows: readonly MessageRow[]) => rows.map(({ content }) => content)

/** What this person is told. */
const reads = (tables: ChatTables, user_id: number) => ({
  page: async () => texts(await tables.messages.page(everything)),
  get: async () => texts([(await tables.messages.get(room_id, 1))!]),
  changes: async () => texts((await tables.messages.changes({ room_id, since_rev: 0, limit: 100 })).rows),
  list: async () =>
    (await tables.rooms.list({ user_id, before: undefined, limit: 10 })).map(({ last }) => last!.content),
  listed: async () => [(await tables.rooms.listed(room_id, user_id))?.last?.content ?? 'none'],
  search: async () =>
    (await tables.messages.search({ user_id, words: ['김치'], room_id: null, before: null, limit: 10 }))!.map(
      (hit) => hit.row.content,
    ),
  missed: async () =>
    (await tables.missed({ user_id, at: 0, limit: 100, total: 100 })).missed.rooms.flatMap(({ rows }) => texts(rows!)),
})

onEachMongodb(
  'MongoDB beside MySQL',
  (engine) => {
    const open = async (t: TestContext) => {
      const { db: rooms } = await temporaryMysql<ChatSchema>(t, chatMysqlMigrations)
      const opened = await openMongodbChatLog(await temporaryMongodb(t, engine))
      t.after(() => opened.close())
      const messages = createMongodbMessages(opened.db)
      const late: (() => Promise<void>)[] = []
      const breakingOff = createMysqlApply(rooms, {
        elsewhere: {
          ...messages.elsewhere!,
          async write(changes) {
            await messages.elsewhere!.write(changes)
            late.push(() => messages.elsewhere!.write(changes))
            throw new Error('broken off')
          },
        },
      })
      return {
        tables: createMongodbChatTables(opened.db, rooms, PARTITIONS, createMysqlApply(rooms, messages)),
        /** Messages are written, and nothing else. */
        halfApply: (...documents: readonly ChatDocument[]) =>
          assert.rejects(breakingOff(p, documents), /^Error: broken off$/),
        /** What was written so is written once more, as by a process that was held up. */
        writeLate: async () => {
          for (const write of late) await write()
        },
      }
    }

    test('a message whose room does not show it yet is seen by nobody, and nobody waits for it', async (t) => {
      const { tables, halfApply } = await open(t)
      await tables.apply(p, [first()])
      const second = document(2, said(2, '김치찌개'))
      await halfApply(second)
      for (const [name, read] of Object.entries(reads(tables, 2))) assert.deepEqual(await read(), ['김치'], name)
      assert.equal(await tables.messages.get(room_id, 2), undefined)
      assert.equal((await tables.messages.changes({ room_id, since_rev: 0, limit: 10 })).head_rev, 1)
      await tables.apply(p, [second])
      assert.deepEqual(await reads(tables, 2).page(), ['김치', '김치찌개'])
      assert.deepEqual(await reads(tables, 2).search(), ['김치찌개', '김치'])
    })

    test('a change that its room does not show yet is waited for, and not for ever', async (t) => {
      const { tables, halfApply } = await open(t)
      await tables.apply(p, [first()])
      const second = document(2, edited(2, '김치전'))
      await halfApply(second)
      const waiting = Object.entries(reads(tables, 2))
      const failures = await Promise.allSettled(waiting.map(([, read]) => read()))
      for (const [i, failure] of failures.entries())
        assert.ok(
          failure.status === 'rejected' && failure.reason.code === 'STORAGE_UNAVAILABLE',
          `${waiting[i]![0]}: ${JSON.stringify(failure)}`,
        )
      let hasBegun = false
      const answers = waiting.map(async ([name, read]) => {
        const answer = await read()
        assert.ok(hasBegun, `${name} told of it before it was so`)
        assert.deepEqual(answer, ['김치전'], name)
      })
      // As long as it is not there: reads of both stores are under way.
      await sleep(200)
      hasBegun = true
      await tables.apply(p, [second])
      await Promise.all(answers)
    })

    test('who was removed sees nothing of what came after it', async (t) => {
      const { tables, halfApply } = await open(t)
      await tables.apply(p, [first()])
      const [second, third] = [document(2, left(2)), document(3, edited(2, '김치는 비밀'))]
      await halfApply(second, third)
      const { list, listed, search, missed } = reads(tables, 2)
      const answers = Promise.all([list(), listed(), search(), missed()])
      const ofMember = Promise.all([reads(tables, 1).list(), reads(tables, 1).missed()])
      await sleep(200)
      await tables.apply(p, [second, third])
      assert.deepEqual(await answers, [[], ['none'], [], []])
      assert.deepEqual(await ofMember, [['김치는 비밀'], ['김치는 비밀']])
    })

    test('who is held up while it writes puts nothing over what came later', async (t) => {
      const { tables, halfApply, writeLate } = await open(t)
      await halfApply(first())
      await tables.apply(p, [first()])
      const [second, third] = [document(2, edited(2, '둘')), document(3, edited(3, '셋'), said(2, '넷', 4))]
      await halfApply(second)
      await tables.apply(p, [second, third])
      assert.deepEqual(await reads(tables, 2).page(), ['셋', '넷'])
      await writeLate()
      assert.deepEqual(await reads(tables, 2).page(), ['셋', '넷'])
    })

    test('a first start that does not reach MongoDB fixes nothing: another store can still be chosen', async (t) => {
      const { options } = await temporaryMysql<ChatSchema>(t, chatMysqlMigrations)
      const start = (url: string) =>
        openMongodbChat({
          ...options,
          mongodb: { url, database: 'nowhere', connectTimeoutMs: 300 },
          partitions: PARTITIONS,
        })
      await assert.rejects(start('mongodb://127.0.0.1:9'), { code: 'STORAGE_UNAVAILABLE' })
      await assert.rejects(start('http://127.0.0.1:9'), { name: 'MongoParseError' })
      const chosen = await openMysqlChat({ ...options, partitions: PARTITIONS + 1 })
      await chosen.close()
      await assert.rejects(start('mongodb://127.0.0.1:9'), /made with 5 partitions/)
    })

    test('the two databases are of one store, and the messages are where they were', async (t) => {
      const { options } = await temporaryMysql<ChatSchema>(t, chatMysqlMigrations)
      const other = await temporaryMysql<ChatSchema>(t, chatMysqlMigrations)
      const [mongodb, empty] = [await temporaryMongodb(t, engine), await temporaryMongodb(t, engine)]
      const openWith = (mysql: typeof options, where: typeof mongodb, partitions = PARTITIONS) =>
        openMongodbChat({ ...mysql, mongodb: where, partitions })
      const opened = await Promise.all([openWith(options, mongodb), openWith(options, mongodb)])
      assert.equal(new Set(opened.map(({ identity }) => identity.epoch)).size, 1)
      await opened[0].tables.apply(p, [first()])
      await Promise.all(opened.flatMap((chat) => [chat.check(), chat.checkRooms()]))
      await Promise.all(opened.map((chat) => chat.close()))
      await assert.rejects(openWith(options, mongodb, 5), /made with 4 partitions, and is opened with 5/)
      await assert.rejects(
        openMysqlChat({ ...options, partitions: PARTITIONS }),
        /in mongodb, and is opened with mysql/,
      )
      await assert.rejects(openWith(options, empty), /has no messages, and there are rooms/)
      await assert.rejects(openWith(other.options, mongodb), /of another store/)
    })
  },
  mysqlEngine.skip,
)
