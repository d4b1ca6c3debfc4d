/** `idle-N`, `storm-N`: holds connections, cuts them, and brings them back as docs/realtime.md says. */
import { setTimeout as sleep } from 'node:timers/promises'
import { createHistogram } from '../harness/statistics.ts'
import { serveCommands } from '../harness/worker.ts'
import { openStream, type Listener, type Stream, type StreamTarget } from './stream-client.ts'

export type StreamsCommands = {
  /** Adds a connection for each token. */
  open(add: StreamTarget & { from: string; tokens: readonly string[] }): Promise<object>
  /** How many are open, and how many the server ended. */
  state(_: undefined): Promise<{ open: number; lost: number }>
  /** Ends all at once. */
  cut(_: undefined): Promise<object>
  /**
   * All come back with their resume tokens, after a random delay that doubles with each attempt, or the first time at once.
   * @param order.marker what each must have received when its resume is complete
   */
  back(order: {
    from: string
    jitter: boolean
    marker: string
  }): Promise<{ seconds: number; attempts: number; p50_ms: number; p99_ms: number }>
}

/** Hand-shakes under way at a time while opening. */
const OPENING = 50
const POLL_MS = 5
/** Then something is wrong with the server, and the round fails. */
const PATIENCE_MS = 300_000
/** Rule 5 of docs/realtime.md: two heartbeats without a frame, and the connection is dead. */
const SILENCE_MS = 30_000
/** Rule 8. */
const BACKOFF_MS = 1_000
const MAX_BACKOFF_MS = 30_000
const REPLAYED = '"type":"replayed"'
const RETRY_AFTER = /\r\nretry-after: (\d+)/i

type Person = { accessToken: string; stream: Stream }

const people: Person[] = []
let target: StreamTarget
let lost = 0

const holding: Listener = { frames: () => {}, gone: () => void lost++ }

async function until(done: () => boolean): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS
  while (!done()) {
    if (performance.now() > deadline) throw new Error(`not all connections are open after ${PATIENCE_MS / 1_000} s`)
    await sleep(POLL_MS)
  }
}

const commands: StreamsCommands = {
  async open({ from, tokens, ...to }) {
    target = to
    for (let i = 0; i < tokens.length; i += OPENING) {
      const batch = tokens.slice(i, i + OPENING).map((accessToken): Person => {
        return { accessToken, stream: openStream(target, from, { accessToken, resume: '' }, holding) }
      })
      people.push(...batch)
      await until(() => batch.every(({ stream }) => stream.state !== 'connecting'))
      if (lost > 0) throw new Error(`${lost} of ${people.length} connections were refused or ended`)
    }
    return {}
  },

  state: async () => ({ open: people.filter(({ stream }) => stream.state === 'open').length, lost }),

  async cut() {
    for (const { stream } of people) {
      stream.state = 'gone'
      stream.socket.destroy()
    }
    return {}
  },

  async back({ from, jitter, marker }) {
    const began = performance.now()
    const times = createHistogram()
    const done = new Set<Person>()
    let attempts = 0
    let seconds = 0
    const connect = (person: Person, attempt: number) => {
      attempts++
      let replayed = false
      let marked = marker === ''
      let retryMs = 0
      const stream = openStream(
        target,
        from,
        { accessToken: person.accessToken, resume: person.stream.token },
        {
          frames(stream, text) {
            if (replayed && marked) return
            if (stream.state === 'connecting')
              retryMs = Number(RETRY_AFTER.exec(text.toString('latin1'))?.[1] ?? 0) * 1_000
            replayed ||= text.includes(REPLAYED)
            marked ||= text.includes(marker)
            if (!replayed || !marked) return
            clearTimeout(silence)
            done.add(person)
            seconds = (performance.now() - began) / 1_000
            times.record(seconds * 1e6)
          },
          gone() {
            clearTimeout(silence)
            if (done.has(person)) lost++
            else setTimeout(connect, retryMs + delay(attempt + 1), person, attempt + 1)
          },
        },
      )
      const silence = setTimeout(() => stream.socket.destroy(), SILENCE_MS)
      person.stream = stream
    }
    for (const person of people) {
      if (jitter) setTimeout(connect, delay(0), person, 0)
      else connect(person, 0)
    }
    await until(() => done.size === people.length)
    return { seconds, attempts, p50_ms: times.percentile(0.5), p99_ms: times.percentile(0.99) }
  },
}

const delay = (attempt: number): number => Math.random() * Math.min(MAX_BACKOFF_MS, BACKOFF_MS * 2 ** attempt)

serveCommands(commands)
