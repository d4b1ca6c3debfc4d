import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { openSqlite } from '@bigtech/sql'
import { tempDir } from '@bigtech/testkit'
import { chatConsentContract } from '../chat-consent.contract.ts'
import { chatFeedContract } from '../chat-feed.contract.ts'
import { chatSenderContract } from '../chat-sender.contract.ts'
import { chatStoreContract } from '../chat-store.contract.ts'
import { all, group, send, sequence, text } from '../chat-store.fixture.ts'
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
