import { setTimeout as sleep } from 'node:timers/promises'
import { createClient, isTemporary, type Client, type Sync } from '@bigtech/client'

export type Load = Readonly<{
  gateway: string
  people: number
  /** Requests a second of all together. */
  rate: number
  /** Somebody is there for about so long, s, before they go and come back. */
  stayS: number
}>

export type Counts = {
  requests: number
  messages: number
  /** Refused for good: there must be none. */
  failed: number
  /** Answered with 503, 429 or not at all: the client of a person would try again. */
  temporary: number
  /** Came, or came back. */
  arrivals: number
}

export type People = Readonly<{
  counts: Counts
  /** What failed since this was emptied, a line each; no more than some. */
  failures: string[]
  /** Ends all, and waits for it. */
  stop(): Promise<void>
}>

const PASSWORD = 'Soak-1234!'
const GROUP = 10
const AT_ONCE = 4
const MOST_FAILURES = 20
const PICTURE_BYTES = 20_000
const TEXT = '오늘 점심은 어디서 먹을까요? See you at noon. 자리가 있으면 두 시까지 예약할게요'

/** As the workload `mixed`: 70 % reads, 25 % sends, 5 % changes; a file now and then. */
const SHARES = [
  ['list', 0.35],
  ['history', 0.34],
  ['search', 0.005],
  ['send', 0.25],
  ['react', 0.02],
  ['edit', 0.01],
  ['read', 0.02],
  ['upload', 0.005],
] as const
type Kind = (typeof SHARES)[number][0]

type Person = Readonly<{ email: string; rooms: readonly number[] }>

/**
 * Real clients, with the SDK: they sign in, hold a stream, read, send, change and upload, go after a while (half of them by signing out, half of
 * them just so), and come back.
 * @returns once all are registered; they come one by one
 */
export async function startPeople({ gateway, people: count, rate, stayS }: Load): Promise<People> {
  const ending = new AbortController()
  const counts: Counts = { requests: 0, messages: 0, failed: 0, temporary: 0, arrivals: 0 }
  const failures: string[] = []
  const everyMs = (1_000 * count) / rate

  const attempt = async (what: string, work: () => Promise<unknown>) => {
    counts.requests++
    try {
      await work()
    } catch (error) {
      if (ending.signal.aborted) return
      if (isTemporary(error)) counts.temporary++
      else {
        counts.failed++
        if (failures.length < MOST_FAILURES) failures.push(`${what}: ${String(error)}`)
      }
    }
  }

  async function visit({ email, rooms }: Person): Promise<void> {
    const client = createClient({ baseUrl: gateway })
    await client.auth.login(email, PASSWORD)
    counts.arrivals++
    const sync = client.sync({ transport: Math.random() < 0.8 ? 'ws' : 'sse' })
    try {
      await sync.ready({ timeoutMs: 60_000 })
      const until = performance.now() + stayS * 1_000 * (0.5 + Math.random())
      while (performance.now() < until && !ending.signal.aborted) {
        await sleep(-Math.log(1 - Math.random()) * everyMs)
        const kind = draw()
        await attempt(kind, () => act(kind, client, sync, anyOf(rooms)))
      }
    } finally {
      sync.close()
    }
    if (Math.random() < 0.5) await client.auth.logout()
  }

  async function act(kind: Kind, client: Client, sync: Sync, room: number): Promise<unknown> {
    switch (kind) {
      case 'list':
        return client.rooms.list()
      case 'history':
        return client.messages.page(room, Math.random() < 0.2 ? { before_seq: 30, limit: 50 } : { limit: 50 })
      case 'search':
        return client.messages.search({ q: '점심' })
      case 'send':
        counts.messages++
        return client.messages.send(room, { content: TEXT })
      case 'upload':
        counts.messages++
        return client.files
          .upload(new Blob([new Uint8Array(PICTURE_BYTES)], { type: 'application/octet-stream' }), { name: 'soak.bin' })
          .then(({ id }) => client.messages.send(room, { content: '', message_type: 'file', file_id: id }))
      default: {
        const { items } = await client.messages.page(room, { limit: 20 })
        const last = items.findLast(({ user_id }) => user_id === sync.state.me)
        const any = items.findLast(({ message_type }) => message_type !== 'system')
        if (kind === 'read' && any) return client.rooms.markRead(room, any.seq)
        if (kind === 'react' && any) return client.messages.react(room, any.id, '👍')
        if (kind === 'edit' && last?.message_type === 'text')
          return client.messages.edit(room, last.id, `${TEXT} (${counts.requests})`)
        return undefined
      }
    }
  }

  const live = async (person: Person) => {
    // They do not all come in one second, and go in one.
    await sleep(Math.random() * stayS * 1_000, undefined, { signal: ending.signal }).catch(() => {})
    while (!ending.signal.aborted) {
      await attempt('visit', () => visit(person))
      await sleep(1_000)
    }
  }

  const all = await register(gateway, count)
  const lives = all.map(live)
  return {
    counts,
    failures,
    async stop() {
      ending.abort()
      await Promise.all(lives)
    },
  }
}

function draw(): Kind {
  let left = Math.random()
  return SHARES.find(([, share]) => (left -= share) < 0)?.[0] ?? 'list'
}

const anyOf = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)]!

/** Everybody has a room with each neighbour, and two groups. */
async function register(gateway: string, count: number): Promise<Person[]> {
  const clients: { client: Client; id: number; email: string; rooms: number[] }[] = []
  const emailOf = (n: number) => `soak${n}@example.com`
  for (let first = 0; first < count; first += AT_ONCE)
    await Promise.all(
      Array.from({ length: Math.min(AT_ONCE, count - first) }, async (_, i) => {
        const email = emailOf(first + i)
        const client = createClient({ baseUrl: gateway })
        const { id } = await client.auth.register({ email, username: `soak${first + i}`, password: PASSWORD })
        await client.auth.login(email, PASSWORD)
        clients[first + i] = { client, id, email, rooms: [] }
      }),
    )
  for (const [n, one] of clients.entries()) {
    const next = clients[(n + 1) % count]!
    const direct = await one.client.rooms.openDirect(next.id)
    for (const each of [one, next]) each.rooms.push(direct.id)
    if (n % (GROUP / 2) > 0) continue
    const others = Array.from({ length: GROUP - 1 }, (_, i) => clients[(n + i + 1) % count]!)
    const group = await one.client.rooms.createGroup({ name: `모임 ${n}`, member_ids: others.map(({ id }) => id) })
    for (const each of [one, ...others]) each.rooms.push(group.id)
  }
  await Promise.all(clients.map(({ client }) => client.auth.logout()))
  return clients.map(({ email, rooms }) => ({ email, rooms: [...new Set(rooms)] }))
}
