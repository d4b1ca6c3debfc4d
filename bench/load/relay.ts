/** `relay-N`, `relay-sat`: pairs of connections, one side sends, the other receives. */
import { serveGenerator } from '../harness/generator.ts'
import { createHistogram, type Histogram } from '../harness/statistics.ts'
import { isAck } from './answers.ts'
import { createSendFrames, findMarker, FIRST, numberAt, nowUs, sentAt } from './frames.ts'
import { offer } from './offer.ts'
import { measurePeriod, type Processes } from './period.ts'
import { openWebSocket, type Address } from './websocket.ts'

export type RelayConfig = {
  serverPid: number | Processes
  /** `group`: pairs whose latency has figures of its own, `far_p50_ms`. */
  pairs: readonly { room_id: number; sender: Address; receiver: Address; group?: string }[]
  /** Closed loop: messages of each pair without acknowledgement. */
  inFlight?: number
  /** Open loop: messages a second of all pairs together. */
  rate?: number
  /** The first number, where others have sent in these rooms before. */
  first?: number
}

type Pair = { send(): void }

serveGenerator(async ({ serverPid, pairs, inFlight, rate, first = FIRST }: RelayConfig) => {
  const latency = createHistogram()
  const groups = new Map<string, Histogram>()
  let sent = 0
  let acked = 0
  let delivered = 0
  let sending = false

  const open = async (pair: RelayConfig['pairs'][number], index: number): Promise<Pair> => {
    const { room_id, sender, receiver, group } = pair
    const own = group === undefined ? undefined : (groups.get(group) ?? createHistogram())
    if (own) groups.set(group!, own)
    const frames = createSendFrames(index, room_id)
    let next = first
    let expected = first
    await openWebSocket(receiver, (bytes, start, end) => {
      const at = findMarker(bytes, start, end)
      if (at < 0) return
      const number = numberAt(bytes, at)
      if (number !== expected) throw new Error(`pair ${index} received ${number}, expected ${expected}`)
      expected++
      delivered++
      const took = nowUs() - sentAt(bytes, at)
      latency.record(took)
      own?.record(took)
    })
    const client = await openWebSocket(sender, (bytes, start, end) => {
      if (!isAck(bytes, start, end)) return
      acked++
      if (inFlight !== undefined && sending) send()
    })
    const send = () => {
      sent++
      client.send(frames.make(next++))
    }
    return { send }
  }
  const opened: Pair[] = []
  for (const [index, pair] of pairs.entries()) opened.push(await open(pair, index))

  let turn = 0
  const sendInTurn = () => opened[turn++ % opened.length]!.send()

  return (options) => {
    sending = true
    if (rate !== undefined) offer(rate, sendInTurn, () => sending)
    for (let i = 0; i < (inFlight ?? 0); i++) for (const pair of opened) pair.send()
    let before = { sent, acked, delivered }
    return measurePeriod(options, serverPid, {
      begin() {
        before = { sent, acked, delivered }
        latency.reset()
        for (const group of groups.values()) group.reset()
      },
      end(elapsedS) {
        sending = false
        return {
          delivered_per_s: (delivered - before.delivered) / elapsedS,
          acked_per_s: (acked - before.acked) / elapsedS,
          sent_per_s: (sent - before.sent) / elapsedS,
          p50_ms: latency.percentile(0.5),
          p95_ms: latency.percentile(0.95),
          p99_ms: latency.percentile(0.99),
          ...Object.fromEntries([...groups].map(([name, group]) => [`${name}_p50_ms`, group.percentile(0.5)])),
        }
      },
      missing: () =>
        acked === sent && delivered === sent ? undefined : `${sent} sent, ${acked} acked, ${delivered} delivered`,
    })
  }
})
