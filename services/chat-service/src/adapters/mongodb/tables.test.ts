import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { connectMysql } from '@bigtech/sql'
import { mysqlEngine, temporaryMysql } from '@bigtech/sql/testing'
import { tempDir } from '@bigtech/testkit'
import fc from 'fast-check'
import type { Db } from 'mongodb'
import { chatMysqlMigrations } from '../../migrations/index.ts'
import { applyContract } from '../mysql/apply.contract.ts'
import { createMysqlApply } from '../mysql/apply.ts'
import { compareReads } from '../mysql/compare.fixture.ts'
import { copyChat, PARTITIONS } from '../mysql/copy.fixture.ts'
import { erasureContract } from '../mysql/erasures.contract.ts'
import { createMysqlFiles } from '../mysql/files.ts'
import { createMysqlPeople } from '../mysql/people.ts'
import { randomLog } from '../mysql/random-log.fixture.ts'
import { rebuildPartition } from '../mysql/rebuild.ts'
import { searchContract } from '../mysql/search.contract.ts'
import type { ChatDb, ChatSchema } from '../mysql/tables.ts'
import type { Bodies } from '../partition/entries.ts'
import { createSqliteChatStore } from '../sqlite/store.ts'
import { createMongodbChatTables } from './chat-tables.ts'
import { openMongodbChatLog } from './open-log.ts'
import { createMongodbMessages } from './room-messages.ts'
import { collection, placeOf } from './schema.ts'
import { indexRooms } from './search-index.ts'
import { onEachMongodb, temporaryMongodb } from './temporary.fixture.ts'

const OF_MESSAGES = ['messages', 'search_terms', 'search_rooms'] as const

onEachMongodb(
  'tables of the chat',
  (engine) => {
    /** Two processes on two empty databases. */
    const open = async (t: TestContext) => {
      const { db: rooms, options } = await temporaryMysql<ChatSchema>(t, chatMysqlMigrations)
      const otherRooms = await connectMysql<ChatSchema>(options)
      t.after(() => otherRooms.destroy())
      const mongodb = await temporaryMongodb(t, engine)
      const [here, there] = [await openMongodbChatLog<Bodies>(mongodb), await openMongodbChatLog<Bodies>(mongodb)]
      t.after(() => Promise.all([here.close(), there.close()]))
      const tablesOf = (db: Db, on: ChatDb) => {
        const apply = createMysqlApply(on, createMongodbMessages(db))
        return { apply, tables: createMongodbChatTables(db, on, PARTITIONS, apply) }
      }
      const both = [
        { rooms, db: here.db, ...tablesOf(here.db, rooms) },
        { rooms: otherRooms, db: there.db, ...tablesOf(there.db, otherRooms) },
      ] as const
      return { rooms, db: here.db, log: here.log, both }
    }
    const emptyMessages = async (db: Db) => {
      for (const name of OF_MESSAGES) await collection(db, name).deleteMany({})
    }

    applyContract(async (t) => {
      const { rooms, db, log, both } = await open(t)
      const [{ tables, apply }, other] = both
      return {
        db: rooms,
        tables,
        other: other.tables,
        log,
        rebuild: (p) => rebuildPartition(rooms, apply, log, p, undefined, createMongodbMessages(db)),
        elsewhere: {
          async dump() {
            const rows = await collection(db, 'messages').find().toArray()
            return rows
              .map((row) =>
                JSON.stringify(
                  row,
                  Object.keys(row).toSorted((a, b) => a.localeCompare(b)),
                ),
              )
              .toSorted()
          },
          async empty() {
            await emptyMessages(db)
            await collection(db, 'log').deleteMany({})
          },
        },
      }
    })

    searchContract(async (t) => {
      const { rooms, db, both } = await open(t)
      return {
        tables: both[0].tables,
        indexAll: both.map((one) => async () => {
          const rows = await one.rooms.selectFrom('rooms').select('id').execute()
          await indexRooms(
            one.db,
            one.rooms,
            rows.map(({ id }) => id),
          )
        }),
        async indexed() {
          const terms = await collection(db, 'search_terms').find().toArray()
          return terms
            .map(({ room_id, at, term }) => `${room_id}/${Number.parseInt(at.split('.')[2]!, 36)}/${term}`)
            .toSorted()
        },
        stale: async () => [],
        async empty() {
          for (const table of ['rooms', 'members', 'former_members', 'invitations', 'attachments'] as const)
            await rooms.deleteFrom(table).execute()
          for (const table of ['pins', 'uncounted', 'partition_positions'] as const)
            await rooms.deleteFrom(table).execute()
          await emptyMessages(db)
        },
      }
    })

    erasureContract(async (t) => {
      const { rooms, db, both } = await open(t)
      const messages = createMongodbMessages(db)
      const [here, there] = both.map((one) => createMysqlPeople(one.rooms, undefined, messages))
      return {
        db: rooms,
        people: [here!, there!],
        messages,
        moved: () => moveMessages(rooms, db),
        async texts() {
          const stored = await collection(db, 'messages').find().sort({ _id: 1 }).toArray()
          return stored.map(({ content }) => content)
        },
      }
    })

    test('messages that were damaged are made anew from the log', async (t) => {
      const { rooms, db, log, both } = await open(t)
      const [{ tables, apply }] = both
      const [made] = fc.sample(randomLog, { numRuns: 1, seed: 11 })
      for (const [p, documents] of made!.logs.entries()) {
        for (const document of documents) await log.append(document)
        await tables.apply(p, documents)
      }
      const messages = collection(db, 'messages')
      const before = await messages.find().sort({ _id: 1 }).toArray()
      await messages.updateMany({ seq: 1 }, { $set: { content: '다른 것', rev: 1e6 } })
      await messages.deleteMany({ seq: 2 })
      const written = createMongodbMessages(db)
      for (const p of made!.logs.keys()) await rebuildPartition(rooms, apply, log, p, undefined, written)
      assert.deepEqual(await messages.find().sort({ _id: 1 }).toArray(), before)
    })

    test('reads are those of SQLite, of the same rows (random actions)', async (t) => {
      const file = join(tempDir(t), 'chat.db')
      const sqlite = await createSqliteChatStore(file)
      t.after(() => sqlite.close())
      const { rooms, db, both } = await open(t)
      const tables = { ...both[0].tables, files: createMysqlFiles(rooms) }
      const copy = async () => {
        await copyChat(file, rooms)
        await emptyMessages(db)
        await moveMessages(rooms, db)
      }
      // FerretDB looks through all of a collection for each page.
      await compareReads(sqlite, tables, copy, engine.name === 'FerretDB' ? 2 : 6)
    })
  },
  mysqlEngine.skip,
)

/** What a copy has put beside the rooms goes where messages are. */
async function moveMessages(rooms: ChatDb, db: Db): Promise<void> {
  const rows = await rooms.selectFrom('messages').selectAll().execute()
  if (rows.length > 0)
    await collection(db, 'messages').insertMany(
      rows.map((row) => ({
        ...row,
        _id: placeOf(row.room_id, row.seq),
        client_message_id: row.client_message_id?.toString() ?? null,
        text_rev: row.rev,
      })),
    )
  await rooms.deleteFrom('messages').execute()
}
