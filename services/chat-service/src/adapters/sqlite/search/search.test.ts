import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { describe, it } from 'node:test'
import { openSqlite } from '@bigtech/sql'
import { eventually } from '@bigtech/testkit'
import { all, group, sequence } from '../../chat-store.fixture.ts'
import { alter, conversation, entries, find, finds, folder, refused, say, type Folder } from './search.fixture.ts'

const MESSAGES = 300

function run(file: string, sql: string): void {
  const db = openSqlite(file)
  db.exec(sql)
  db.close()
}

function count(file: string, table: string): number {
  const db = openSqlite(file, { readOnly: true })
  const { n } = db.prepare(`SELECT count(*) AS n FROM ${table}`).get()!
  db.close()
  return Number(n)
}

describe('the search index beside chat.db', () => {
  it('is brought up to date without a search, and leaves nothing of what was taken back', async (t) => {
    const { open, file, searchFile } = folder(t)
    const store = await open()
    const room_id = await group(store, [2])
    const { row } = await say(store, room_id, '김치 비밀')
    await eventually(() => assert.equal(entries(searchFile, '비밀', room_id), 1))
    await alter(store, room_id, row.seq, { kind: 'edit', content: '김치' })
    await eventually(() => assert.equal(entries(searchFile, '비밀', room_id), 0))
    assert.equal(entries(searchFile, '김치', room_id), 1)
    await alter(store, room_id, row.seq, { kind: 'delete' })
    await eventually(() => assert.equal(entries(searchFile, '김치', room_id), 0))
    await store.close()
    assert.equal(count(searchFile, 'messages_fts'), 0, 'system messages are not looked for')
    assert.equal(count(file, 'search_changes'), 0, 'seen, and noted no more')
  })

  it('ends with the store, however soon', async (t) => {
    const { open } = folder(t)
    for (const _ of [1, 2, 3]) await (await open()).close()
  })

  it('after an upgrade the newest messages are found first, and in the end all', async (t) => {
    const { open, file, searchFile } = folder(t)
    const before = await open()
    const room_id = await group(before, [2])
    await Promise.all(sequence(1, MESSAGES).map((n) => say(before, room_id, `김치 ${n}`)))
    await before.close()
    rmSync(searchFile, { force: true })
    run(
      file,
      `ALTER TABLE store DROP COLUMN forgotten_mark;
       ALTER TABLE store DROP COLUMN forgotten_change;
       ALTER TABLE store ADD COLUMN indexed_mid INTEGER NOT NULL DEFAULT 0;
       ALTER TABLE store ADD COLUMN reindex_mid INTEGER NOT NULL DEFAULT 0;
       DROP TABLE search_changes;
       CREATE VIRTUAL TABLE messages_fts USING fts5 (room, pairs, singles, content='', contentless_delete=1);
       DROP INDEX profiles_by_name;
       ALTER TABLE profiles DROP COLUMN username_key;
       DROP TABLE mentioned;
       ALTER TABLE messages DROP COLUMN mentions;
       ALTER TABLE members ADD COLUMN muted INTEGER NOT NULL DEFAULT 0;
       ALTER TABLE members DROP COLUMN muted_until;
       ALTER TABLE members DROP COLUMN notify;
       DELETE FROM kysely_migration WHERE name >= '0007'`,
    )

    const store = await open()
    const [edited] = await all(store, room_id, 1)
    await alter(store, room_id, edited!.seq, { kind: 'edit', content: '김치 고침' })
    await say(store, room_id, '김치 새것')
    for (let hits: string[] = []; hits.length <= MESSAGES;) {
      hits = await find(store, '김치')
      const newest = ['김치 새것', ...sequence(1, MESSAGES - 1).map((n) => `김치 ${MESSAGES + 1 - n}`), '김치 고침']
      assert.deepEqual(hits, newest.slice(0, Math.max(1, hits.length)), 'the newest first, without a gap')
    }
    assert.deepEqual(store.renewed, ['it is missing'])
    await store.close()
    assert.equal(entries(searchFile, '김치', room_id), MESSAGES + 1)
    const index = openSqlite(searchFile, { readOnly: true })
    assert.equal(index.prepare('SELECT reindex_mid FROM place').get()!['reindex_mid'], 0)
    index.close()
  })

  const FAULTS: Record<string, readonly [reason: RegExp, make: (folder: Folder) => void]> = {
    'is missing': [/^it is missing$/, ({ searchFile }) => rmSync(searchFile)],
    'is empty': [/^it is of another version$/, ({ searchFile }) => truncateSync(searchFile)],
    'is no database': [
      /^it is damaged \(file is not a database\)$/,
      ({ searchFile }) => writeFileSync(searchFile, 'no '.repeat(9_000)),
    ],
    'is cut off': [/^it is damaged/, ({ searchFile }) => truncateSync(searchFile, 3 * 4_096)],
    'is of a version before or after': [
      /^it is of another version$/,
      ({ searchFile }) => run(searchFile, 'PRAGMA user_version = 99'),
    ],
    'stands at a message that is another one': [
      /^it is of another state of this chat\.db$/,
      ({ searchFile }) => run(searchFile, 'UPDATE place SET created_at = created_at + 1'),
    ],
    'is of another chat.db': [
      /^it is of another chat\.db$/,
      ({ searchFile }) => run(searchFile, "UPDATE place SET epoch = 'other'"),
    ],
  }
  for (const [what, [reason, make]] of Object.entries(FAULTS))
    it(`${what}: it is made anew`, async (t) => {
      const data = folder(t)
      const before = await data.open()
      const room_id = await conversation(before)
      await before.close()
      make(data)
      const store = await data.open()
      await finds(store, '김치', ['김치 둘', '김치 하나'])
      assert.equal(store.renewed.length, 1)
      assert.match(store.renewed[0]!, reason)
      assert.deepEqual(store.troubles, [])
      await store.close()
      assert.equal(entries(data.searchFile, '배추', room_id), 0)
      assert.equal(entries(data.searchFile, '김치', room_id), 2)
    })

  it('breaks while the server runs: messages go on, and it is made anew', async (t) => {
    const { open, searchFile } = folder(t)
    const store = await open()
    const room_id = await conversation(store)
    run(searchFile, 'DROP TABLE messages_fts')
    await Promise.all(sequence(1, MESSAGES).map((n) => say(store, room_id, `${n}번`)))
    await finds(store, '김치', ['김치 둘', '김치 하나'])
    assert.equal((await find(store, '번')).length, MESSAGES)
    assert.match(store.renewed.join('|'), /^it is damaged \(no such table/)
  })

  it(
    'is cut off while the server runs: what was said since the start is never found missing',
    { timeout: 30_000 },
    async (t) => {
      const { open, searchFile } = folder(t)
      const before = await open()
      const room_id = await group(before, [2])
      await Promise.all(sequence(1, MESSAGES).map((n) => say(before, room_id, `${n}번`)))
      await find(before, '번')
      await before.close()
      const store = await open()
      await say(store, room_id, '아까 말')
      assert.deepEqual(await find(store, '아까'), ['아까 말'])
      truncateSync(searchFile, Math.floor(statSync(searchFile).size / 3))
      await say(store, room_id, '방금 말')
      const attempt = () => find(store, '말').catch((error: unknown) => assert.ok(refused(error), String(error)))
      for (let hits = await attempt(); store.renewed.length === 0 || !hits; hits = await attempt())
        if (hits) assert.deepEqual(hits, ['방금 말', '아까 말'])
      assert.deepEqual(await find(store, '말'), ['방금 말', '아까 말'])
      assert.match(store.renewed.join('|'), /^it is damaged/)
    },
  )

  it('pages go bad where only a search meets them: that one is refused, and it is made anew', async (t) => {
    const { open, searchFile } = folder(t)
    const before = await open()
    const room_id = await conversation(before)
    await before.close()
    const index = openSqlite(searchFile)
    // A whole tree of FTS5, but none of SQLite's.
    index.enableDefensive(false)
    index.exec('UPDATE messages_fts_data SET block = zeroblob(20) WHERE id > 10')
    index.close()
    const store = await open()
    await finds(store, '김치', ['김치 둘', '김치 하나'])
    await say(store, room_id, '김치 넷')
    assert.deepEqual(await find(store, '넷'), ['김치 넷'])
    assert.match(store.renewed.join('|'), /^it is damaged/)
  })

  it('cannot be written: messages go on, searches say so, and all is found when it can', async (t) => {
    const { open, searchFile } = folder(t)
    mkdirSync(searchFile)
    const store = await open()
    const room_id = await group(store, [2])
    for (const n of [1, 2, 3]) {
      await say(store, room_id, `김치 ${n}`)
      await assert.rejects(find(store, '김치'), refused)
    }
    assert.deepEqual(store.troubles, ['indexing for search'], 'told once')
    rmdirSync(searchFile)
    assert.deepEqual(await find(store, '3'), ['김치 3'], 'a search tries again at once')
    await finds(store, '김치', ['김치 3', '김치 2', '김치 1'])
    assert.ok(existsSync(searchFile))
  })

  const OTHERS: Record<string, (path: string) => void> = {
    'a FIFO': (path) => void execFileSync('mkfifo', [path]),
    'a link to a file': (path) => {
      writeFileSync(`${path}-elsewhere`, '')
      symlinkSync(`${path}-elsewhere`, path)
    },
    'a link to nowhere': (path) => symlinkSync(`${path}-elsewhere`, path),
  }
  for (const [what, put] of Object.entries(OTHERS))
    for (const suffix of ['', '-wal', '-journal'])
      it(`${what} in the place of chat-search.db${suffix} is not opened`, { timeout: 10_000 }, async (t) => {
        const { open, searchFile } = folder(t)
        const before = await open()
        const room_id = await conversation(before)
        await before.close()
        rmSync(searchFile + suffix, { force: true })
        put(searchFile + suffix)
        const store = await open()
        await say(store, room_id, '김치 넷')
        await assert.rejects(find(store, '김치'), refused)
        assert.deepEqual(store.troubles, ['indexing for search'])
        assert.match(
          String(store.faults[0]),
          new RegExp(`chat-search\\.db${suffix} cannot be used: it is no regular file`),
        )
        assert.ok(!lstatSync(searchFile + suffix).isFile(), 'it is left alone')
        await store.close()
      })
})
