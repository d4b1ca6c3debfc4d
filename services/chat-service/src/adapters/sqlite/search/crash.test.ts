import assert from 'node:assert/strict'
import { join } from 'node:path'
import { it } from 'node:test'
import { openSqlite } from '@bigtech/sql'
import { spawnProgram, tempDir } from '@bigtech/testkit'
import { createSqliteChatStore } from '../store.ts'
import { entries, find } from './search.fixture.ts'

const program = join(import.meta.dirname, 'crash.fixture.ts')
const numbers = (output: string, what: string) =>
  [...output.matchAll(new RegExp(`^${what} (\\d+)$`, 'gm'))].map((match) => Number(match[1]))

it('kill -9 while it is indexed: after the next start all is found, and nothing that was taken back', async (t) => {
  for (const enough of [20, 300, 900]) {
    const dir = tempDir(t)
    const file = join(dir, 'chat.db')
    const child = await spawnProgram(t, { file: program, args: [file] })
    await child.line(new RegExp(`^sent ${enough}$`))
    await child.kill('SIGKILL')
    const room = numbers(child.output(), 'room')[0]!
    const sent = numbers(child.output(), 'sent')
    const taken = new Set([...numbers(child.output(), 'deleted'), ...numbers(child.output(), 'edited')])
    assert.ok(sent.length >= enough && taken.size > 0)

    const renewed: string[] = []
    const store = await createSqliteChatStore(file, { onIndexRenewed: (reason) => renewed.push(reason) })
    const found = new Set(await find(store, '말'))
    await store.close()
    assert.deepEqual(renewed, [], 'it goes on where it was')
    const db = openSqlite(file, { readOnly: true })
    const kept = db
      .prepare("SELECT content FROM messages WHERE message_type = 'text' AND deleted_at IS NULL")
      .all()
      .map((row) => String(row['content']))
    db.close()
    assert.deepEqual(found, new Set(kept))
    // The entries themselves, which no check against the text has seen.
    const searchFile = join(dir, 'chat-search.db')
    assert.equal(entries(searchFile, '말', room), kept.length)
    assert.equal(entries(searchFile, '처음', room), kept.filter((content) => content.startsWith('처음')).length)
    for (const n of taken) assert.ok(!found.has(`처음 말${n}끝`), `${n} was taken back`)
  }
})
