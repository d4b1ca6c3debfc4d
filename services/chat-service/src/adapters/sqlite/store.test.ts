import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { openSqlite, openSqliteDatabase } from '@bigtech/sql'
import { eventually, tempDir } from '@bigtech/testkit'
import { migrations } from '../../migrations/index.ts'
import { chatConsentContract } from '../chat-consent.contract.ts'
import { chatFeedContract } from '../chat-feed.contract.ts'
import { chatListContract } from '../chat-list.contract.ts'
import { chatSenderContract } from '../chat-sender.contract.ts'
import { chatStoreContract } from '../chat-store.contract.ts'
import { all, change, group, send, sequence, text, traceparent } from '../chat-store.fixture.ts'
import { createSqliteChatStore } from './store.ts'

const open = async (t: TestContext) => {
  const file = join(tempDir(t), 'chat.db')
  const store = await createSqliteChatStore(file)
  t.after(() => store.close())
  return { ...store, failCommits: () => failCommits(file) }
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

test('a broken search index does not stand in the way of messages', async (t) => {
  const file = join(tempDir(t), 'chat.db')
  const store = await createSqliteChatStore(file)
  t.after(() => store.close())
  const room_id = await group(store, [2])
  const other = openSqlite(file)
  other.exec('DROP TABLE messages_fts')
  other.close()
  // More than are indexed together, one a commit.
  for (const n of sequence(1, 150)) await send(store, text(room_id, 1, `${n}`))
  assert.equal((await all(store, room_id)).length, 151)
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

test('after an upgrade the newest messages are found first, and in the end all', async (t) => {
  const file = join(tempDir(t), 'chat.db')
  const MESSAGES = 300
  const before = await createSqliteChatStore(file)
  const room_id = await group(before, [2])
  for (const n of sequence(1, MESSAGES)) await send(before, text(room_id, 1, `김치 ${n}`))
  await before.close()
  const old = openSqlite(file)
  old.exec(`
    UPDATE store SET indexed_mid = (SELECT max(mid) FROM messages);
    ALTER TABLE store DROP COLUMN reindex_mid;
    DROP TABLE messages_fts;
    CREATE VIRTUAL TABLE messages_fts USING fts5 (room, body, content='', contentless_delete=1);
    DELETE FROM kysely_migration WHERE name = '0006_search';
  `)

  const store = await createSqliteChatStore(file)
  t.after(() => store.close())
  const query = { user_id: 1, words: ['김치'], room_id: null, before: null, limit: 1_000 }
  const [edited] = await all(store, room_id, 1)
  await store.messages.change({
    room_id,
    seq: edited!.seq,
    change: { kind: 'edit', content: '김치 고침' },
    actor: { user_id: 1, role: 'owner', room_type: 'group' },
    now: 1,
    traceparent,
  })
  await send(store, text(room_id, 1, '김치 새것'))
  await eventually(async () => {
    const hits = await store.messages.search(query)
    assert.equal(hits[0]!.row.content, '김치 새것', 'what is new does not wait for what is old')
    const seqs = hits.map(({ row }) => row.seq)
    assert.deepEqual(
      seqs,
      seqs.map((_, i) => seqs[0]! - i),
      'the newest first, without a gap',
    )
    assert.equal(hits.length, MESSAGES + 1)
    assert.equal(hits.at(-1)!.row.content, '김치 고침')
  })
  assert.equal(old.prepare('SELECT reindex_mid FROM store').get()!['reindex_mid'], 0)
  old.close()
})
