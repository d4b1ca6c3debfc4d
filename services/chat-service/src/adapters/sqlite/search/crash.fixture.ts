/** Run by crash.test.ts: `node crash.fixture.ts <chat.db>`. Sends, edits and deletes without end, and prints what was acknowledged. */
import { group, send, text } from '../../chat-store.fixture.ts'
import { createSqliteChatStore } from '../store.ts'
import { alter, find } from './search.fixture.ts'

const store = await createSqliteChatStore(process.argv[2]!)
const room = await group(store, [2])
const print = (line: string) => process.stdout.write(`${line}\n`)
// From here on the index is there.
await find(store, '말')
print(`room ${room}`)

for (let n = 1; ; n++) {
  const { row } = await send(store, text(room, 1, `처음 말${n}끝`))
  print(`sent ${n}`)
  if (n % 3 === 1) continue
  await alter(store, room, row.seq, n % 3 === 0 ? { kind: 'delete' } : { kind: 'edit', content: `고친 말${n}끝` })
  print(`${n % 3 === 0 ? 'deleted' : 'edited'} ${n}`)
}
