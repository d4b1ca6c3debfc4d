/** `http-send`: keep-alive connections in closed loop, one request of each under way. */
import { serveGenerator } from '../harness/generator.ts'
import { createHistogram } from '../harness/statistics.ts'
import { createSendRequests, findMarker, FIRST, numberAt, nowUs, sentAt } from './frames.ts'
import { openHttp } from './http-connection.ts'
import { measurePeriod } from './period.ts'

export type HttpSendConfig = {
  serverPid: number
  port: number
  senders: readonly { room_id: number; token: string }[]
}

const CREATED = 201

serveGenerator(async ({ serverPid, port, senders }: HttpSendConfig) => {
  const latency = createHistogram()
  let sent = 0
  let answered = 0
  let sending = false

  const open = async ({ room_id, token }: HttpSendConfig['senders'][number], index: number) => {
    const requests = createSendRequests(index, room_id, token)
    const connection = await openHttp(port)
    let next = FIRST
    const send = () => {
      const number = next++
      sent++
      connection.ask(requests.make(number), (status, bytes) => {
        if (status !== CREATED) throw new Error(`refused: ${bytes.toString()}`)
        // Every answer is about the very message that was sent.
        const at = findMarker(bytes, 0, bytes.length)
        if (at < 0 || numberAt(bytes, at) !== number) throw new Error(`not message ${number}: ${bytes.toString()}`)
        answered++
        latency.record(nowUs() - sentAt(bytes, at))
        if (sending) send()
      })
    }
    return send
  }
  const loops = await Promise.all(senders.map(open))

  return (options) => {
    sending = true
    for (const send of loops) send()
    let before = answered
    return measurePeriod(options, serverPid, {
      begin() {
        before = answered
        latency.reset()
      },
      end(elapsedS) {
        sending = false
        return {
          requests_per_s: (answered - before) / elapsedS,
          p50_ms: latency.percentile(0.5),
          p95_ms: latency.percentile(0.95),
          p99_ms: latency.percentile(0.99),
        }
      },
      missing: () => (answered === sent ? undefined : `${sent} sent, ${answered} answered`),
    })
  }
})
