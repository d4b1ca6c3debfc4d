import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { pairEvents } from '../../access/pair-events.ts'
import { decideRequest } from '../../domain/pair.ts'
import { openMysqlFriendDatabase } from '../mysql/open.ts'

/** A process that sends requests: `url database barrier pairs`, the pairs as JSON `[[from, to], …]`. It begins when the file is there. */
const [url, database, barrier, pairs] = process.argv.slice(2) as [string, string, string, string]
const store = await openMysqlFriendDatabase({ url, database, connections: 8 })
const events = pairEvents({
  clock: { now: () => 1_000 },
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
})
const ask = (a: number, b: number) =>
  store.friends.update({
    a,
    b,
    now: 1,
    decide: (pair, sent_today) => decideRequest(pair, a, b, { now: 1, ask_again_after: 100, per_day: 10, sent_today }),
    events,
  })

process.stdout.write('ready\n')
while (!existsSync(barrier)) await sleep(1)
let done = 0
for (const [from, to] of JSON.parse(pairs) as [number, number][]) {
  const outcomes = await Promise.all(Array.from({ length: 5 }, () => ask(from, to)))
  done += outcomes.filter((outcome) => 'done' in outcome).length
}
process.stdout.write(`done ${done}\n`)
await store.close()
