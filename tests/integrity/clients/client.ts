import type { ClientState, Op, OpArgs, OpName, Row } from '../history/types.ts'

/** Somebody with an account. */
export type Person = { index: number; id: number; name: string; email: string; username: string }

/** One thing to do, all decided. */
export type Action = {
  do: OpName
  room: number | null
  args: OpArgs
  via: 'stream' | 'http'
  repeat: boolean
  /** Of an invite link: how to join. */
  code?: string
}

/** What a client knows of a room, to choose from. */
export type Held = {
  rows: readonly Pick<Row, 'id' | 'seq' | 'user' | 'deleted' | 'reactions' | 'system'>[]
  members: readonly number[]
  last_seq: number
}

/** A client under test: it follows its rooms by a stream, whatever happens to it, and does what it is told. */
export type Client = {
  readonly name: string
  readonly person: Person
  /** Does it and records it. Never rejects. */
  perform(action: Action): Promise<Op>
  held(room: number): Held | undefined
  /** What it holds of these rooms, all of it; rooms it does not hold are left out. */
  state(rooms: readonly number[]): Promise<ClientState>
  /** Somebody is impatient: no waiting for the next try. */
  hurry(): void
  close(): void
  /** Times it signed in again, and (re)connected. */
  readonly counts: { signIns: number; connections: number }
}

export type Answered = { status: number; code: string | null; body: unknown }

/** Statuses that say: nothing was changed (docs/errors.md). */
const NOTHING_DONE = new Set([400, 401, 403, 404, 405, 409, 413, 415, 416, 422, 429, 503])

/** They say that nobody knows; the first speaks of an earlier try. */
const NOT_KNOWN = new Set<string | null>([
  'IDEMPOTENCY_IN_PROGRESS',
  'OUTCOME_UNKNOWN',
  'STORAGE_UNCERTAIN',
  'SERVICE_LOST',
])

/** What an answer to a single try means. */
export function outcomeOf({ status, code }: Pick<Answered, 'status' | 'code'>): Op['outcome'] {
  if (status >= 200 && status < 300) return 'ok'
  return NOTHING_DONE.has(status) && !NOT_KNOWN.has(code) ? 'failed' : 'unknown'
}
