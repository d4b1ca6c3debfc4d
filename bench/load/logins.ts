/** `login`: people who register and sign in in a loop. Each answer is one password hash of the server's. */
import { serveGenerator } from '../harness/generator.ts'
import { createHistogram } from '../harness/statistics.ts'
import { nowUs } from './frames.ts'
import { httpText, openHttp, type Request } from './http-connection.ts'
import { measurePeriod } from './period.ts'

export type LoginsConfig = { serverPid: number; port: number; clients: number }

const password = 'Bench1234!'
const CREATED = 201
const OK = 200

serveGenerator(async ({ serverPid, port, clients }: LoginsConfig) => {
  const connections = await Promise.all(Array.from({ length: clients }, () => openHttp(port)))
  const latency = createHistogram()
  let people = 0
  let running = 0
  let looping = false

  return (options) => {
    looping = true
    for (const connection of connections) {
      const ask = (request: Request, expected: number, then: () => void) => {
        const began = nowUs()
        connection.ask(httpText(request), (status, bytes) => {
          if (status !== expected) throw new Error(`refused: ${bytes.toString()}`)
          latency.record(nowUs() - began)
          then()
        })
      }
      const loop = () => {
        if (!looping) return void running--
        const username = `login${++people}`
        const email = `${username}@example.com`
        ask({ method: 'POST', path: '/auth/register', body: { email, username, password } }, CREATED, () =>
          ask({ method: 'POST', path: '/auth/login/json', body: { email, password } }, OK, loop),
        )
      }
      running++
      loop()
    }
    return measurePeriod(options, serverPid, {
      begin: () => latency.reset(),
      end(elapsedS) {
        looping = false
        return {
          hashes_per_s: latency.count() / elapsedS,
          answer_p50_ms: latency.percentile(0.5),
          answer_p99_ms: latency.percentile(0.99),
        }
      },
      missing: () => (running === 0 ? undefined : `${running} people wait for an answer`),
    })
  }
})
