import { ApiError, type ProblemFields } from '../errors.ts'
import type { Outgoing, SyncState } from './state.ts'

/** A message that is not stored at the server yet, as it outlives the program. Its file is part of it. */
export type OutboxEntry = Readonly<
  Omit<Outgoing, 'status' | 'progress' | 'seq' | 'error'> & {
    /** The server's no: such a message is never sent again without being asked for. */
    refusal: ProblemFields | null
  }
>

/**
 * Where unsent messages of one account are kept. Guarantees: an entry has one holder at a time (a program, a tab), also when several
 * share the place; what a holder leaves behind is taken by another. `put` and `remove` take effect in the order of the calls and
 * never reject: a place that fails says so to its user, and the message is kept by the running program alone.
 */
export type Outbox = {
  /**
   * Gives what nobody holds, oldest first: before the promise ends, and again whenever another holder goes, until `over`.
   * What was given is held by this one.
   */
  adopt(take: (entries: readonly OutboxEntry[]) => void, over: AbortSignal): Promise<void>
  put(entry: OutboxEntry): Promise<void>
  remove(clientMessageId: string): Promise<void>
}

export type Keeper = {
  /** Keeps a message until it is stored at the server, taken back, or its room is left. */
  keep(one: Outgoing): void
  /** The same for one that is in the outbox already. */
  follow(one: Outgoing): void
  /** Once the latest change of a message is kept. */
  kept(clientMessageId: string): Promise<void>
}

/** Has the outbox follow the state. */
export function createKeeper(outbox: Outbox, subscribe: (listener: (state: SyncState) => void) => () => void): Keeper {
  const followed = new Map<string, { one: Outgoing; written: Promise<void> }>()

  const write = (one: Outgoing) => followed.set(one.client_message_id, { one, written: outbox.put(entryOf(one)) })
  const look = ({ rooms }: SyncState) => {
    for (const [id, { one }] of followed) {
      const now = rooms.get(one.room_id)?.outgoing.find(({ client_message_id }) => client_message_id === id)
      if (now === one) continue
      if (!now || now.status === 'sent') {
        followed.delete(id)
        void outbox.remove(id)
      } else if (isNews(one, now)) write(now)
    }
  }
  subscribe(look)

  return {
    keep: (one) => void write(one),
    follow: (one) => void followed.set(one.client_message_id, { one, written: Promise.resolve() }),
    kept: (id) => followed.get(id)?.written ?? Promise.resolve(),
  }
}

/** Progress is no news: only what a later start has to know. */
const isNews = (before: Outgoing, now: Outgoing): boolean =>
  before.file_id !== now.file_id || before.created_at !== now.created_at || before.error !== now.error

function entryOf(one: Outgoing): OutboxEntry {
  const { status, progress: _progress, seq: _seq, error, ...kept } = one
  return { ...kept, refusal: status === 'failed' ? refusalOf(error) : null }
}

function refusalOf(error: Error | null): ProblemFields {
  if (!(error instanceof ApiError))
    return {
      status: 0,
      code: 'UNEXPECTED',
      detail: error?.message ?? '',
      errors: [],
      traceId: '',
      retryAfterMs: undefined,
    }
  const { status, code, detail, errors, traceId, retryAfterMs } = error
  return { status, code, detail, errors, traceId, retryAfterMs }
}

/** The message an entry stands for. */
export function outgoingOf({ refusal, ...fields }: OutboxEntry): Outgoing {
  const status = refusal ? 'failed' : 'pending'
  return { ...fields, status, progress: 0, seq: null, error: refusal && new ApiError(refusal) }
}
