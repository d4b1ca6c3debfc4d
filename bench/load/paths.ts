/** `paths`: people in closed loop, each of whom calls one path after the other through the gateway. */
import { serveGenerator } from '../harness/generator.ts'
import { createHistogram } from '../harness/statistics.ts'
import { nowUs } from './frames.ts'
import { httpText, openHttp, type Request } from './http-connection.ts'
import { measurePeriod } from './period.ts'

export type PathsConfig = {
  serverPid: number | readonly number[]
  port: number
  people: readonly { id: number; token: string; room_id: number; other_id: number; stranger_id: number }[]
}

type Paths = Readonly<Record<string, (person: PathsConfig['people'][number], round: number) => Omit<Request, 'token'>>>

/** Each stands for a way through the engines. */
const PATHS: Paths = {
  own_profile: () => ({ method: 'GET', path: '/api/profile/me' }),
  other_profile: ({ other_id }) => ({ method: 'GET', path: `/api/users/${other_id}` }),
  rename: (_person, round) => ({
    method: 'PATCH',
    path: '/api/profile/me',
    body: { status_message: `상태 ${round}` },
  }),
  heartbeat: () => ({ method: 'POST', path: '/api/presence/heartbeat' }),
  block: ({ stranger_id }) => ({ method: 'PUT', path: `/api/friends/blocks/${stranger_id}` }),
  unblock: ({ stranger_id }) => ({ method: 'DELETE', path: `/api/friends/blocks/${stranger_id}` }),
  send: ({ room_id }, round) => ({
    method: 'POST',
    path: `/api/messages/${room_id}`,
    body: { content: `말 ${round}` },
  }),
  rooms: () => ({ method: 'GET', path: '/api/chat-rooms' }),
}

serveGenerator(async ({ serverPid, port, people }: PathsConfig) => {
  const names = Object.keys(PATHS)
  const latencies = Object.fromEntries(names.map((name) => [name, createHistogram()]))
  let sent = 0
  let answered = 0
  let sending = false

  const open = async (person: PathsConfig['people'][number]) => {
    const connection = await openHttp(port)
    let turn = 0
    const ask = () => {
      const name = names[turn % names.length]!
      const request = PATHS[name]!(person, Math.floor(turn++ / names.length))
      const began = nowUs()
      sent++
      connection.ask(httpText({ ...request, token: person.token }), (status, bytes) => {
        if (status >= 300) throw new Error(`${name}: ${bytes.toString()}`)
        answered++
        latencies[name]!.record(nowUs() - began)
        if (sending) ask()
      })
    }
    return ask
  }
  const loops = await Promise.all(people.map(open))

  return (options) => {
    sending = true
    for (const ask of loops) ask()
    let before = answered
    return measurePeriod(options, serverPid, {
      begin() {
        before = answered
        for (const latency of Object.values(latencies)) latency.reset()
      },
      end(elapsedS) {
        sending = false
        const byPath = names.flatMap((name) => [
          [`${name}_p50_ms`, latencies[name]!.percentile(0.5)],
          [`${name}_p99_ms`, latencies[name]!.percentile(0.99)],
        ])
        return { requests_per_s: (answered - before) / elapsedS, ...Object.fromEntries(byPath) }
      },
      missing: () => (answered === sent ? undefined : `${sent} sent, ${answered} answered`),
    })
  }
})
