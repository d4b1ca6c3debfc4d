import { setTimeout as sleep } from 'node:timers/promises'
import {
  openGroup,
  registerAll,
  signIn,
  type Answer,
  type CallOptions,
  type Method,
  type Person,
  type Urls,
} from '../support/index.ts'

/** What was answered while engines failed. */
export type Calls = Readonly<{
  people: readonly Person[]
  roomId: number
  /** Texts that were acknowledged; others may or may not be there. */
  acknowledged: readonly string[]
  /** Answers that nobody may get: neither success nor 503 with Retry-After, or too late. */
  wrong: string[]
  counts: { done: number; refused: number }
  /** What was refused since this was cleared, with the last answer. */
  refused: Map<string, string>
  /** One of everything; the answers that were no success. */
  round(): Promise<string[]>
  stop(): Promise<void>
}>

/** Access tokens live a quarter of an hour. */
const SIGNED_IN_MS = 8 * 60_000
/** An answer that takes longer is none, ms. */
const LATE_MS = 15_000

/** People who call everything that needs an engine, again and again, without repeating what failed. */
export async function startCalls(urls: Urls): Promise<Calls> {
  const people: Person[] = [...(await registerAll(urls, '하나', '둘', '셋'))]
  const [stranger] = await registerAll(urls, '남')
  const [owner, ...others] = people as [Person, ...Person[]]
  const { id: roomId } = await openGroup(owner, '고장', ...others)
  const acknowledged: string[] = []
  const wrong: string[] = []
  const counts = { done: 0, refused: 0 }
  const refused = new Map<string, string>()
  const stopping = new AbortController()
  let serial = 0

  const kinds = (person: Person): Record<string, () => Promise<Answer>> => {
    const n = ++serial
    const form = new FormData()
    form.set('file', new Blob([`파일 ${n}`], { type: 'text/plain' }), 'a.txt')
    // An engine that stands still holds up who has asked it just before for as long as it does: that is late, and an answer.
    const ask = (method: Method, path: string, options: CallOptions = {}) =>
      person.call(method, path, { ...options, deadlineMs: 2 * LATE_MS })
    return {
      async send() {
        const content = `${person.id}:${n}`
        const answer = await ask('POST', `/messages/${roomId}`, {
          body: { content, client_message_id: `fault-${n}` },
        })
        if (answer.status === 201) acknowledged.push(content)
        return answer
      },
      rename: () => ask('PATCH', '/profile/me', { body: { status_message: `상태 ${n}` } }),
      block: () => ask('PUT', `/friends/blocks/${stranger.id}`),
      unblock: () => ask('DELETE', `/friends/blocks/${stranger.id}`),
      upload: () => ask('POST', '/files', { body: form }),
      heartbeat: () => ask('POST', '/presence/heartbeat'),
      ticket: () => ask('POST', '/stream/ticket'),
      profiles: () => ask('GET', `/users?user_ids=${people.map(({ id }) => id).join()}`),
      rooms: () => ask('GET', '/chat-rooms'),
    }
  }
  const judge = async (what: string, call: () => Promise<Answer>): Promise<string | undefined> => {
    const began = performance.now()
    let said: string
    try {
      const answer = await call()
      if (answer.status < 300) {
        counts.done++
        return undefined
      }
      said = `${what}: ${answer.status} ${answer.text.slice(0, 300)}`
      if (answer.status === 503 && Number(answer.headers.get('retry-after')) > 0) {
        counts.refused++
        refused.set(what, said)
      } else wrong.push(said)
    } catch (error) {
      said = `${what}: ${String(error)}`
      wrong.push(said)
    }
    const ms = performance.now() - began
    if (ms > LATE_MS) wrong.push(`${what}: an answer after ${Math.round(ms)} ms`)
    return said
  }

  const live = people.map(async (_, n) => {
    for (let since = performance.now(); !stopping.signal.aborted;) {
      if (performance.now() - since > SIGNED_IN_MS) {
        // While accounts cannot be asked the token is good for some minutes yet.
        people[n] = await signIn(urls, people[n]!).catch(() => people[n]!)
        since = performance.now()
      }
      for (const [what, call] of Object.entries(kinds(people[n]!))) await judge(what, call)
      await sleep(20)
    }
  })
  return {
    people,
    roomId,
    acknowledged,
    wrong,
    counts,
    refused,
    async round() {
      const said = await Promise.all(Object.entries(kinds(people[0]!)).map(([what, call]) => judge(what, call)))
      return said.filter((one) => one !== undefined)
    },
    async stop() {
      stopping.abort()
      await Promise.all(live)
    },
  }
}
