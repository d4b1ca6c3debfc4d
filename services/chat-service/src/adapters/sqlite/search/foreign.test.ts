import assert from 'node:assert/strict'
import { mkdirSync, rmdirSync, rmSync } from 'node:fs'
import { describe, it } from 'node:test'
import { alter, conversation, entries, find, finds, folder, say, type Folder } from './search.fixture.ts'

describe('chat.db and the search index are of different times', () => {
  it('chat.db is an older copy, with other messages since: what is found is what is there', async (t) => {
    const { open, copy } = folder(t)
    const before = await open()
    const room_id = await conversation(before)
    await before.close()
    copy('chat.db', 'backup')
    const lost = await open()
    await say(lost, room_id, '사라진 김치')
    await finds(lost, '사라진', ['사라진 김치'])
    await lost.close()
    copy('backup', 'chat.db')
    const store = await open()
    await say(store, room_id, '다른 말')
    await finds(store, '김치', ['김치 둘', '김치 하나'])
    assert.deepEqual(await find(store, '다른'), ['다른 말'])
    assert.deepEqual(store.renewed, ['it is newer than this chat.db'])
  })

  it('chat.db is an older copy without a change that the index has seen', async (t) => {
    const { open, copy } = folder(t)
    const before = await open()
    const room_id = await conversation(before)
    await before.close()
    copy('chat.db', 'backup')
    const lost = await open()
    await alter(lost, room_id, 2, { kind: 'edit', content: '무' })
    await finds(lost, '무', ['무'])
    await lost.close()
    copy('backup', 'chat.db')
    const store = await open()
    await finds(store, '김치', ['김치 둘', '김치 하나'])
    assert.deepEqual(store.renewed, ['it is newer than this chat.db'])
  })

  const WITHOUT: Record<string, readonly [begin: (folder: Folder) => void, end: (folder: Folder) => void]> = {
    'was made anew meanwhile': [({ searchFile }) => rmSync(searchFile), () => {}],
    'could not be made meanwhile': [
      ({ searchFile }) => {
        rmSync(searchFile)
        mkdirSync(searchFile)
      },
      ({ searchFile }) => rmdirSync(searchFile),
    ],
  }
  for (const [what, [begin, end]] of Object.entries(WITHOUT))
    it(`is of another continuation of the same copy of chat.db, as long as this one, and ${what}`, async (t) => {
      const data = folder(t)
      const before = await data.open()
      const room_id = await conversation(before)
      await before.close()
      data.copy('chat.db', 'backup')
      const one = await data.open()
      await alter(one, room_id, 2, { kind: 'edit', content: '무' })
      await finds(one, '무', ['무'])
      await one.close()
      data.copy('chat-search.db', 'kept')
      data.copy('backup', 'chat.db')
      begin(data)
      const other = await data.open()
      await alter(other, room_id, 2, { kind: 'edit', content: '파' })
      await other.close()
      end(data)
      data.copy('kept', 'chat-search.db')
      const store = await data.open()
      await finds(store, '파', ['파'])
      assert.deepEqual(store.renewed, ['it is of another state of this chat.db'])
      await store.close()
      assert.equal(entries(data.searchFile, '무', room_id), 0)
    })

  it('the index is an older copy: it catches up, or is made anew when the changes are not noted any more', async (t) => {
    const { open, copy } = folder(t)
    const before = await open()
    const room_id = await conversation(before)
    await before.close()
    copy('chat-search.db', 'backup')
    const later = await open()
    await say(later, room_id, '김치 넷')
    await finds(later, '넷', ['김치 넷'])
    await later.close()
    copy('backup', 'chat-search.db')
    const same = await open()
    await finds(same, '김치', ['김치 넷', '김치 둘', '김치 하나'])
    assert.deepEqual(same.renewed, [])
    await alter(same, room_id, 2, { kind: 'edit', content: '김치 고침' })
    await finds(same, '고침', ['김치 고침'])
    await same.close()
    copy('backup', 'chat-search.db')
    const store = await open()
    await finds(store, '고침', ['김치 고침'])
    assert.deepEqual(store.renewed, ['it is older than this chat.db can tell the changes of'])
  })
})
