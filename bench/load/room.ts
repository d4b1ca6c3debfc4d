/** `roomN-sat`, `roomN-20`: one sender, the other members of its room receive. */
import { serveGenerator } from '../harness/generator.ts'
import { createHistogram } from '../harness/statistics.ts'
import { isAck } from './answers.ts'
import { openEventStream } from './event-stream.ts'
import { createSendFrames, findMarker, FIRST, numberAt, nowUs, sentAt } from './frames.ts'
import { offer } from './offer.ts'
import { measurePeriod, type Processes } from './period.ts'
import { openWebSocket, type Address } from './websocket.ts'

export type RoomConfig = {
  serverPid: number | Processes
  room_id: number
  /** Over WebSocket; a member too, whose own copies are not counted. */
  sender: Address
  receivers: readonly Address[]
  transport: 'ws' | 'sse'
  /** Closed loop: messages that not all receivers have yet. */
  inFlight?: number
  /** Open loop: messages a second. */
  rate?: number
}

/** Hand-shakes under way at a time. */
const OPENING = 100

serveGenerator(async (config: RoomConfig) => {
  const { serverPid, room_id, sender, receivers, transport, inFlight, rate } = config
  const latency = createHistogram()
  const frames = createSendFrames(0, room_id)
  let sent = 0
  let acked = 0
  let delivered = 0
  let sending = false
  /** Of each message under way, how many receivers still lack it: all receive in the same order. */
  const lacking: number[] = []
  let oldest = FIRST

  const client = await openWebSocket(sender, (bytes, start, end) => {
    if (isAck(bytes, start, end)) acked++
  })
  const send = () => {
    lacking.push(receivers.length)
    client.send(frames.make(FIRST + sent++))
  }
  const receive = (bytes: Buffer, at: number) => {
    delivered++
    latency.record(nowUs() - sentAt(bytes, at))
    if (--lacking[numberAt(bytes, at) - oldest]! > 0) return
    lacking.shift()
    oldest++
    if (inFlight !== undefined && sending) send()
  }
  const open = async (address: Address, index: number): Promise<void> => {
    let expected = FIRST
    const take = (bytes: Buffer, at: number) => {
      if (numberAt(bytes, at) !== expected)
        throw new Error(`member ${index} received ${numberAt(bytes, at)}, expected ${expected}`)
      expected++
      receive(bytes, at)
    }
    if (transport === 'sse') return openEventStream(address, take)
    await openWebSocket(address, (bytes, start, end) => {
      const at = findMarker(bytes, start, end)
      if (at >= 0) take(bytes, at)
    })
  }
  for (let i = 0; i < receivers.length; i += OPENING)
    await Promise.all(receivers.slice(i, i + OPENING).map((address, j) => open(address, i + j)))

  return (options) => {
    sending = true
    if (rate !== undefined) offer(rate, send, () => sending)
    for (let i = 0; i < (inFlight ?? 0); i++) send()
    let before = delivered
    return measurePeriod(options, serverPid, {
      begin() {
        before = delivered
        latency.reset()
      },
      end(elapsedS) {
        sending = false
        return {
          deliveries_per_s: (delivered - before) / elapsedS,
          p50_ms: latency.percentile(0.5),
          p95_ms: latency.percentile(0.95),
          p99_ms: latency.percentile(0.99),
        }
      },
      missing() {
        const due = sent * receivers.length
        return acked === sent && delivered === due
          ? undefined
          : `${sent} sent, ${acked} acked, ${delivered} of ${due} delivered`
      },
    })
  }
})
