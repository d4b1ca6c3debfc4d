/** `reads`: one endpoint after the other, read by all users at the same time in closed loop. */
import { serveGenerator } from '../harness/generator.ts'
import { createHistogram } from '../harness/statistics.ts'
import type { Figures } from '../harness/workload.ts'
import { nowUs } from './frames.ts'
import { httpText, openHttp } from './http-connection.ts'

export type EndpointsConfig = {
  serverPid: number
  /** Equal shares of the time; one path for each user. `name` is the first part of the figures' names. */
  endpoints: readonly { name: string; port: number; paths: readonly string[] }[]
  tokens: readonly string[]
}

const OK = 200

serveGenerator(async ({ endpoints, tokens }: EndpointsConfig) => {
  const ports = new Set(endpoints.map(({ port }) => port))
  const connections = new Map(
    await Promise.all(
      [...ports].map(async (port) => [port, await Promise.all(tokens.map(() => openHttp(port)))] as const),
    ),
  )
  const load = async ({ port, paths }: EndpointsConfig['endpoints'][number], ms: number) => {
    const latency = createHistogram()
    let failures = 0
    const until = performance.now() + ms
    const loop = (user: number): Promise<void> => {
      const connection = connections.get(port)![user]!
      const request = httpText({ method: 'GET', path: paths[user]!, token: tokens[user]! })
      return new Promise((resolve) => {
        const next = () => {
          const began = nowUs()
          connection.ask(request, (status) => {
            if (status === OK) latency.record(nowUs() - began)
            else failures++
            if (performance.now() < until) next()
            else resolve()
          })
        }
        next()
      })
    }
    await Promise.all(tokens.map((_, user) => loop(user)))
    return { latency, failures }
  }

  return async ({ seconds, warmUpSeconds }) => {
    const share = 1_000 / endpoints.length
    const figures: Figures = {}
    let worst = 0
    let answers = 0
    let failed = 0
    for (const endpoint of endpoints) {
      await load(endpoint, warmUpSeconds * share)
      const { latency, failures } = await load(endpoint, seconds * share)
      figures[`${endpoint.name}_per_s`] = latency.count() / ((seconds * share) / 1_000)
      figures[`${endpoint.name}_p95_ms`] = latency.percentile(0.95)
      worst = Math.max(worst, latency.percentile(0.95))
      answers += latency.count() + failures
      failed += failures
    }
    return { ...figures, worst_p95_ms: worst, success_percent: 100 * (1 - failed / answers) }
  }
})
