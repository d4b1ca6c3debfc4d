/** `history`, `rooms`, `search`: one kind of read after the other, in closed loop by few clients. */
import { setTimeout as sleep } from 'node:timers/promises'
import { serveGenerator } from '../harness/generator.ts'
import { rssOf } from '../harness/processes.ts'
import { createHistogram } from '../harness/statistics.ts'
import type { Figures } from '../harness/workload.ts'
import { nowUs } from './frames.ts'
import { httpText, openHttp, type HttpConnection } from './http-connection.ts'

export type ReadsConfig = {
  serverPid: number
  port: number
  /** Numbers of clients that read at the same time, one after the other. */
  clients: readonly number[]
  /** Equal shares of the time; `name` is the first part of the figures' names. Who has one of the tokens asks, in turns, for all paths. */
  reads: readonly { name: string; tokens: readonly string[]; paths: readonly string[] }[]
}

serveGenerator(async ({ serverPid, port, clients, reads }: ReadsConfig) => {
  const connections = await Promise.all(Array.from({ length: Math.max(...clients) }, () => openHttp(port)))
  const requests = reads.map(({ tokens, paths }) =>
    paths.flatMap((path) => tokens.map((token) => httpText({ method: 'GET', path, token }))),
  )
  /** Goes on where the round before ended, so that no page is read twice soon. */
  const turns = reads.map(() => 0)

  /** Resolves when every connection has its last answer. */
  const load = (kind: number, using: readonly HttpConnection[], ms: number, record: (us: number) => void) => {
    const until = performance.now() + ms
    const loop = (connection: HttpConnection) =>
      new Promise<void>((resolve, reject) => {
        const next = () => {
          const request = requests[kind]![turns[kind]!++ % requests[kind]!.length]!
          const began = nowUs()
          connection.ask(request, (status, bytes) => {
            if (status !== 200) return reject(new Error(`refused: ${request}${bytes.toString()}`))
            record(nowUs() - began)
            if (performance.now() < until) next()
            else resolve()
          })
        }
        next()
      })
    return Promise.all(using.map(loop))
  }

  return async ({ seconds, warmUpSeconds }) => {
    const share = 1_000 / (reads.length * clients.length)
    const figures: Figures = {}
    for (const [kind, { name }] of reads.entries())
      for (const count of clients) {
        const using = connections.slice(0, count)
        const latency = createHistogram()
        // What the kinds before left to collect and to write does not fall on this one.
        await sleep(20)
        await load(kind, using, warmUpSeconds * share, () => {})
        await load(kind, using, seconds * share, latency.record)
        figures[`${name}_c${count}_p50_ms`] = latency.percentile(0.5)
        figures[`${name}_c${count}_p99_ms`] = latency.percentile(0.99)
      }
    return { ...figures, server_rss_mib: rssOf(serverPid) }
  }
})
