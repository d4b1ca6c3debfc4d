/** `mixed`: what many people do at the same time: read most, send much, change little. */
import { serveGenerator } from '../harness/generator.ts'
import { createRandom } from '../harness/korean.ts'
import { createHistogram } from '../harness/statistics.ts'
import { nowUs } from './frames.ts'
import { httpText, openHttp, type HttpConnection, type Request } from './http-connection.ts'
import { offer } from './offer.ts'
import { measurePeriod } from './period.ts'

export type MixedConfig = {
  serverPid: number
  /** Of the gateway. */
  port: number
  users: readonly { token: string; rooms: readonly number[] }[]
  connections: number
  /** Open loop: requests a second, each counted from when it was due. Without: closed loop on every connection. */
  rate?: number
}

/** Shares of all requests, in order: half of the reads are room lists; the last three are 5 % together. */
const SHARES = [
  ['list', 0.35],
  ['history', 0.35],
  ['send', 0.25],
  ['react', 0.02],
  ['edit', 0.01],
  ['read', 0.02],
] as const
type Kind = (typeof SHARES)[number][0]

const SEED = 7
/** A fifth of the histories asked for are older pages. */
const OLDER = 0.2
const OLDER_SEQ = 30
const MESSAGE_ID = /"id":"(msg_\d+_(\d+))"/
const TEXT = '오늘 점심은 어디서 먹을까요? See you at noon. 자리가 있으면 두 시까지 예약할게요'

type Sent = { room: number; id: string; seq: number }
type Job = { kind: Kind; user: number; request: Request; due: number }

serveGenerator(async ({ serverPid, port, users, connections, rate }: MixedConfig) => {
  const random = createRandom(SEED)
  const idle: HttpConnection[] = []
  for (let i = 0; i < connections; i++) idle.push(await openHttp(port))
  const all = createHistogram()
  const byKind = new Map(SHARES.map(([kind]) => [kind, createHistogram()]))
  const lastSent = users.map((): Sent | undefined => undefined)
  const waiting: Job[] = []
  let made = 0
  let answered = 0
  let failed = 0
  let loading = false

  const makeJob = (): Job => {
    const user = Math.floor(random() * users.length)
    const { token, rooms } = users[user]!
    const room = rooms[Math.floor(random() * rooms.length)]!
    const mine = lastSent[user]
    let left = random()
    const drawn = SHARES.find(([, share]) => (left -= share) < 0)?.[0] ?? 'list'
    // Who has sent nothing yet has nothing to change.
    const kind = mine === undefined && (drawn === 'react' || drawn === 'edit' || drawn === 'read') ? 'send' : drawn
    made++
    return { kind, user, request: { token, ...requestOf(kind, room, mine, made, random) }, due: nowUs() }
  }

  const start = (connection: HttpConnection, job: Job) => {
    connection.ask(httpText(job.request), (status, bytes) => {
      answered++
      if (status >= 300) failed++
      else {
        const us = nowUs() - job.due
        all.record(us)
        byKind.get(job.kind)!.record(us)
        if (job.kind === 'send') lastSent[job.user] = sentOf(job.request, bytes)
      }
      const next = waiting.shift() ?? (rate === undefined && loading ? makeJob() : undefined)
      if (next) start(connection, next)
      else idle.push(connection)
    })
  }
  const add = () => {
    const job = makeJob()
    const connection = idle.pop()
    if (connection) start(connection, job)
    else waiting.push(job)
  }

  return (options) => {
    loading = true
    if (rate === undefined) for (let i = 0; i < connections; i++) add()
    else offer(rate, add, () => loading)
    let failedBefore = failed
    return measurePeriod(options, serverPid, {
      begin() {
        failedBefore = failed
        for (const histogram of [all, ...byKind.values()]) histogram.reset()
      },
      end(elapsedS) {
        loading = false
        const failures = failed - failedBefore
        return {
          requests_per_s: all.count() / elapsedS,
          success_percent: (100 * all.count()) / (all.count() + failures),
          p50_ms: all.percentile(0.5),
          p95_ms: all.percentile(0.95),
          p99_ms: all.percentile(0.99),
          ...Object.fromEntries([...byKind].map(([kind, times]) => [`${kind}_p95_ms`, times.percentile(0.95)])),
        }
      },
      missing: () => (answered === made ? undefined : `${made} requests, ${answered} answers`),
    })
  }
})

function requestOf(
  kind: Kind,
  room: number,
  mine: Sent | undefined,
  number: number,
  random: () => number,
): Omit<Request, 'token'> {
  const on = mine && `/api/messages/${mine.room}/${mine.id}`
  switch (kind) {
    case 'list':
      return { method: 'GET', path: '/api/chat-rooms' }
    case 'history': {
      const place = random() < OLDER ? `&before_seq=${OLDER_SEQ}` : ''
      return { method: 'GET', path: `/api/messages/${room}?limit=50${place}` }
    }
    case 'send':
      return {
        method: 'POST',
        path: `/api/messages/${room}`,
        body: { content: TEXT, client_message_id: `mixed-${number}` },
      }
    case 'react':
      return { method: 'PUT', path: `${on}/reactions/${encodeURIComponent('👍')}` }
    case 'edit':
      return { method: 'PATCH', path: on!, body: { content: `${TEXT} (${number})` } }
    case 'read':
      return { method: 'POST', path: `/api/chat-rooms/${mine!.room}/read`, body: { seq: mine!.seq } }
  }
}

function sentOf({ path }: Request, bytes: Buffer): Sent {
  const [, id, seq] = MESSAGE_ID.exec(bytes.toString('latin1')) ?? []
  if (id === undefined) throw new Error(`no message: ${bytes.toString()}`)
  return { room: Number(path.slice(path.lastIndexOf('/') + 1)), id, seq: Number(seq) }
}
