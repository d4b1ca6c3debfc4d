/**
 * `relay-sat` and `relay-N` of the workloads: 100 pairs over WebSocket, each pair a direct room, messages stored durably.
 * `npm run bench:relay [-- <in flight per pair, or rate as "1000/s"> [seconds]]`
 */
import { WebSocket } from 'ws'
import { json, people, percentile, rssOf, startTarget, type Person } from './support.ts'

const PAIRS = 100
const [load = '10', secondsText = '8'] = process.argv.slice(2)
const SECONDS = Number(secondsText)
const WARM_UP_S = 2
const BODY = '안녕하세요 반갑습니다 hello world, this is a message of about one hundred and twenty bytes'

const target = await startTarget()
try {
  const users = await people(target, PAIRS * 2)
  const delivered: number[] = []
  let acked = 0
  let measuring = false
  let stopped = false

  const pairs = await Promise.all(
    Array.from({ length: PAIRS }, async (_, pair) => {
      const [a, b] = [users[pair * 2]!, users[pair * 2 + 1]!]
      const { id } = await json('POST', `${target.urls.chat}/chat-rooms`, a.token, { type: 'direct', user_id: b.id })
      const roomId = Number(id)
      let next = 0
      let onAck: (() => void) | undefined
      const receiver = await connect(b)
      receiver.on('message', (data: Buffer) => {
        const at = data.indexOf('@@')
        if (at < 0) return
        const sentAt = Number(data.toString('latin1', at + 2, data.indexOf('@', at + 2)))
        if (measuring) delivered.push(performance.now() - sentAt)
      })
      const sender = await connect(a)
      sender.on('message', (data: Buffer) => {
        if (!data.includes('"ack"', 0, 'latin1')) return
        if (measuring) acked++
        onAck?.()
      })
      const send = () =>
        sender.send(
          JSON.stringify({
            type: 'send',
            ref: ++next,
            room_id: roomId,
            content: `@@${performance.now()}@${BODY}`,
            client_message_id: `${pair}-${next}`,
          }),
        )
      return {
        send,
        loop(inFlight: number) {
          onAck = () => !stopped && send()
          for (let i = 0; i < inFlight; i++) send()
        },
      }
    }),
  )
  const rate = /^(\d+)\/s$/.exec(load)?.[1]
  if (rate === undefined) for (const pair of pairs) pair.loop(Number(load))
  else {
    let sent = 0
    const began = performance.now()
    const timer = setInterval(() => {
      if (stopped) return clearInterval(timer)
      for (const due = ((performance.now() - began) / 1_000) * Number(rate); sent < due; sent++)
        pairs[sent % PAIRS]!.send()
    }, 1)
  }
  await new Promise((resolve) => setTimeout(resolve, WARM_UP_S * 1_000))
  measuring = true
  await new Promise((resolve) => setTimeout(resolve, SECONDS * 1_000))
  measuring = false
  stopped = true
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((p) => percentile(delivered, p).toFixed(2))
  console.log(
    `load ${load}: ${(delivered.length / SECONDS).toFixed(0)} delivered/s, ${(acked / SECONDS).toFixed(0)} acknowledged/s`,
  )
  console.log(`delivery ms: p50 ${p50}, p95 ${p95}, p99 ${p99}; server memory ${rssOf(target.pid).toFixed(0)} MiB`)
} finally {
  await target.stop()
}
process.exit(0)

async function connect(person: Person): Promise<WebSocket> {
  const socket = new WebSocket(`${target.urls.chat.replace('http', 'ws')}/ws`, {
    headers: { authorization: `Bearer ${person.token}` },
    perMessageDeflate: false,
  })
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  return socket
}
