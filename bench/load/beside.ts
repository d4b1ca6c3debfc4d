/** Pairs that send at a low, steady rate while something else loads the server; counts what fails instead of failing. */
import { setTimeout as sleep } from 'node:timers/promises'
import { createHistogram } from '../harness/statistics.ts'
import { serveCommands } from '../harness/worker.ts'
import { isAck } from './answers.ts'
import { createSendFrames, findMarker, FIRST, nowUs, sentAt } from './frames.ts'
import { offer } from './offer.ts'
import type { RelayConfig } from './relay.ts'
import { openWebSocket } from './websocket.ts'

export type BesideCommands = {
  connect(to: Pick<RelayConfig, 'pairs'>): Promise<object>
  /** Messages a second from now on; none with 0. */
  send(load: { rate: number }): Promise<object>
  /** Figures count from here … */
  begin(_: undefined): Promise<object>
  /** … to here. A message is failed if it was refused, or not acknowledged and delivered in 10 s. */
  end(_: undefined): Promise<{
    messages: number
    failed_sends: number
    /** Until it is delivered … */
    p50_ms: number
    p99_ms: number
    max_ms: number
    /** … and until its sender knows that it is stored. */
    ack_p50_ms: number
    ack_p99_ms: number
  }>
}

const PATIENCE_MS = 10_000

const latency = createHistogram()
const acknowledged = createHistogram()
const senders: (() => void)[] = []
let load = { rate: 0 }
let sent = 0
let acked = 0
let delivered = 0
let refused = 0
let before = { sent, refused }

const commands: BesideCommands = {
  async connect({ pairs }) {
    for (const [index, { room_id, sender, receiver }] of pairs.entries()) {
      await openWebSocket(receiver, (bytes, start, end) => {
        const at = findMarker(bytes, start, end)
        if (at < 0) return
        delivered++
        latency.record(nowUs() - sentAt(bytes, at))
      })
      // Answers of a connection come in the order of its frames.
      const unanswered: number[] = []
      const client = await openWebSocket(sender, (bytes, start, end) => {
        try {
          if (!isAck(bytes, start, end)) return
          acked++
          acknowledged.record(nowUs() - unanswered.shift()!)
        } catch {
          refused++
          unanswered.shift()
        }
      })
      const frames = createSendFrames(index, room_id)
      let next = FIRST
      senders.push(() => {
        unanswered.push(nowUs())
        client.send(frames.make(next++))
      })
    }
    return {}
  },

  async send(next) {
    load = next
    offer(
      next.rate,
      () => senders[sent++ % senders.length]!(),
      () => load === next,
    )
    return {}
  },

  async begin() {
    before = { sent, refused }
    latency.reset()
    acknowledged.reset()
    return {}
  },

  async end() {
    const figures = {
      messages: latency.count(),
      p50_ms: latency.percentile(0.5),
      p99_ms: latency.percentile(0.99),
      max_ms: latency.percentile(1),
      ack_p50_ms: acknowledged.percentile(0.5),
      ack_p99_ms: acknowledged.percentile(0.99),
    }
    const due = sent
    const until = performance.now() + PATIENCE_MS
    const missing = () => Math.max(0, due - Math.min(acked + refused, delivered + refused))
    while (missing() > 0 && performance.now() < until) await sleep(10)
    return { ...figures, failed_sends: refused - before.refused + missing() }
  },
}

serveCommands(commands)
