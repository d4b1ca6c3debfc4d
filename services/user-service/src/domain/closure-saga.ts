import type { UserId } from '../contract/ids.ts'

/**
 * Account closure: user-service asks every participant to prepare; when all have, the account is closed; a rejection or
 * the deadline cancels it. `completed` and `cancelled` are final, so that any answer may come twice, late or out of order.
 */
export type ClosureSaga = Readonly<{
  id: string
  user_id: UserId
  state: 'preparing' | 'completed' | 'cancelled'
  participants: readonly string[]
  prepared: readonly string[]
  /** why it was cancelled */
  reason: string | null
  started_at: number
  deadline_at: number
  ended_at: number | null
}>

export type ClosureInput =
  | Readonly<{ type: 'prepared'; service: string }>
  | Readonly<{ type: 'rejected'; service: string; reason: string }>
  /** The time passed, or the process started again: look whether there is something to do. */
  | Readonly<{ type: 'tick' }>

export function startClosure(options: {
  id: string
  user_id: UserId
  participants: readonly string[]
  now: number
  deadlineMs: number
}): ClosureSaga {
  return {
    id: options.id,
    user_id: options.user_id,
    state: 'preparing',
    participants: [...new Set(options.participants)],
    prepared: [],
    reason: null,
    started_at: options.now,
    deadline_at: options.now + options.deadlineMs,
    ended_at: null,
  }
}

/** The saga after an input; the same object when nothing changes. An answer in time counts even if the deadline just passed. */
export function advanceClosure(saga: ClosureSaga, input: ClosureInput, now: number): ClosureSaga {
  if (saga.state !== 'preparing') return saga
  if (input.type === 'rejected' && saga.participants.includes(input.service))
    return cancelled(saga, `${input.service}: ${input.reason}`, now)
  const prepared =
    input.type === 'prepared' && saga.participants.includes(input.service) && !saga.prepared.includes(input.service)
      ? [...saga.prepared, input.service]
      : saga.prepared
  const waiting = saga.participants.filter((service) => !prepared.includes(service))
  if (waiting.length === 0) return { ...saga, prepared, state: 'completed', ended_at: now }
  if (now >= saga.deadline_at) return cancelled({ ...saga, prepared }, `no answer from ${waiting.join(', ')}`, now)
  return prepared === saga.prepared ? saga : { ...saga, prepared }
}

const cancelled = (saga: ClosureSaga, reason: string, now: number): ClosureSaga => ({
  ...saga,
  state: 'cancelled',
  reason: reason.slice(0, 500),
  ended_at: now,
})
