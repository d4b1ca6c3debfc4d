import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { openSqlite, openSqliteDatabase } from '@bigtech/sql'
import { tempDir } from '@bigtech/testkit'
import { migrations } from '../../migrations/index.ts'
import { chatConsentContract } from '../chat-consent.contract.ts'
import { chatEventsContract } from '../chat-events.contract.ts'
import { chatFeedContract } from '../chat-feed.contract.ts'
import { chatListContract } from '../chat-list.contract.ts'
import { chatPeopleContract } from '../chat-people.contract.ts'
import { chatSenderContract } from '../chat-sender.contract.ts'
import { chatStoreContract } from '../chat-store.contract.ts'
import { change, direct, send, text } from '../chat-store.fixture.ts'
import { createSqliteChatStore } from './store.ts'

const open = async (t: TestContext) => {
  const file = join(tempDir(t), 'chat.db')
  const store = await createSqliteChatStore(file)
  t.after(() => store.close())
  return { ...store, failCommits: () => ({ mend: failCommits(file), forGood: true }) }
}

/** A foreign key that is checked first at COMMIT. */
function failCommits(file: string): () => void {
  const run = (sql: string) => {
    const other = openSqlite(file)
    other.exec(sql)
    other.close()
  }
  run(`
    CREATE TABLE broken (id INTEGER REFERENCES broken_parent (id) DEFERRABLE INITIALLY DEFERRED);
    CREATE TABLE broken_parent (id INTEGER PRIMARY KEY);
    CREATE TRIGGER break_commit AFTER INSERT ON messages BEGIN INSERT INTO broken VALUES (1); END;
  `)
  return () => run('DROP TRIGGER break_commit')
}

chatStoreContract('SQLite', open)
chatConsentContract('SQLite', open)
chatFeedContract('SQLite', open)
chatSenderContract('SQLite', open)
chatListContract('SQLite', open)
chatEventsContract('SQLite', open)
chatPeopleContract('SQLite', async (t) => {
  const store = await open(t)
  return [store, store]
})

test('a token is exact: it covers its change and nothing after it', async (t) => {
  const store = await createSqliteChatStore(join(tempDir(t), 'chat.db'))
  t.after(() => store.close())
  const tokens: string[] = []
  store.feed.onCommitted((_, token) => void tokens.push(token))
  const { room_id } = await direct(store, 1, 2)
  await send(store, text(room_id, 2, '지울 것'))
  await store.rooms.hideDirect({ room_id, user_id: 1 })
  const settingsAfter = async (token: string) =>
    (await store.feed.missed({ user_id: 1, token, limit: 10, total: 10 }))!.rooms.map(({ settings }) => settings)
  const [read, settings] = tokens.slice(-2)
  assert.deepEqual(await settingsAfter(read!), [{ notify: 'all', muted_until: null, hidden: true }])
  assert.deepEqual(await settingsAfter(settings!), [])
  assert.equal(settings, store.feed.token())
})

test('a database from before keeps its rooms; who went out then is asked, and may take the link', async (t) => {
  const file = join(tempDir(t), 'chat.db')
  const { '0001_chat': first, '0002_revisions': second, '0003_uncounted': third } = migrations
  const before = { '0001_chat': first!, '0002_revisions': second!, '0003_uncounted': third! }
  await (await openSqliteDatabase(file, 'chat', before)).destroy()
  const old = openSqlite(file)
  old.exec(`
    INSERT INTO rooms (id, type, name, created_by, created_at, member_count, last_activity_at) VALUES (1, 'group', 'a\u202eb\u3164', 1, 1, 1, 1);
    INSERT INTO members (room_id, user_id, role, join_seq, join_pos, joined_at, read_seq) VALUES (1, 1, 'owner', 0, 1, 1, 0);
    INSERT INTO former_members (user_id, room_id, left_pos) VALUES (2, 1, 1), (3, 1, 1);
  `)
  old.close()
  const store = await createSqliteChatStore(file)
  t.after(() => store.close())
  const [entry] = await store.rooms.list({ user_id: 1, before: undefined, limit: 10 })
  assert.equal(entry!.room.name, 'a\u202eb\u3164')
  const into = { room_id: 1, limit: 10 }
  const added = await store.rooms.addMembers({ ...change(1), ...into, user_ids: [2], via: 'added' })
  assert.deepEqual(added, { added: [], invited: [2] })
  assert.equal(await store.rooms.acceptInvitation({ ...change(2), ...into }), 'done')
  const joined = await store.rooms.addMembers({ ...change(3), ...into, user_ids: [3], via: 'invite' })
  assert.deepEqual(joined, { added: [3], invited: [] })
})
