/**
 * A client of an older version, which stays connected while the server is replaced. Runs in a clone of that version, with its SDK:
 *   node old-client.mjs CLONE API EMAIL PASSWORD
 * Says `ready`, `heard TEXT` for each message, `said TEXT` once one is acknowledged; each line of standard input is a message to be said.
 */
import { createInterface } from 'node:readline'

const [clone, api, email, password] = process.argv.slice(2)
const { createClient } = await import(`${clone}/packages/client/src/index.ts`)
const client = createClient({ baseUrl: api.replace(/\/api$/, '') })
await client.auth.login(email, password)
const sync = client.sync()
await sync.ready({ timeoutMs: 20_000 })
const [room] = [...sync.state.rooms.keys()]
await sync.openRoom(room, { timeoutMs: 20_000 })

const heard = new Set()
const said = new Set()
sync.subscribe(({ rooms }) => {
  const one = rooms.get(room)
  for (const { content } of one?.window?.messages ?? []) {
    if (!heard.has(content)) console.log(`heard ${content}`)
    heard.add(content)
    if (said.has(content) && one.outgoing.length === 0) {
      console.log(`said ${content}`)
      said.delete(content)
    }
  }
})
console.log('ready')
for await (const line of createInterface({ input: process.stdin })) {
  said.add(line)
  sync.send(room, { content: line })
}
sync.close()
