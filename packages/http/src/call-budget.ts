import type { Budget } from './rate-limit.ts'

const WINDOW_MS = 60_000

/** What a signed-in user may call in a minute, over HTTP and as commands of all their streams together. */
export interface CallBudget {
  readonly limit: number
  /** Counts a call. @returns how many are left; below zero when this one is too many */
  take(userId: number): number
  /** Seconds until the user's minute begins anew. */
  resetS(userId: number): number
}

type Minute = { calls: number; endsAt: number }

/** Counts without promises and, but for the first call of a minute, without allocations: every message that is sent is counted. */
export function createCallBudget(limit: number, now: () => number = Date.now): CallBudget {
  const minutes = new Map<number, Minute>()
  let sweepAt = now() + WINDOW_MS
  const sweep = (at: number) => {
    for (const [userId, { endsAt }] of minutes) if (endsAt <= at) minutes.delete(userId)
    sweepAt = at + WINDOW_MS
  }
  return {
    limit,
    take(userId) {
      const at = now()
      if (at >= sweepAt) sweep(at)
      const minute = minutes.get(userId)
      if (minute === undefined) minutes.set(userId, { calls: 1, endsAt: at + WINDOW_MS })
      else if (at < minute.endsAt) return limit - ++minute.calls
      else {
        minute.calls = 1
        minute.endsAt = at + WINDOW_MS
      }
      return limit - 1
    },
    resetS: (userId) => Math.max(1, Math.ceil(((minutes.get(userId)?.endsAt ?? 0) - now()) / 1_000)),
  }
}

/** One call of a user, as the headers and the refusal of an HTTP answer tell it. */
export function callOf(calls: CallBudget, userId: number): Budget {
  const left = calls.take(userId)
  return { limit: calls.limit, remaining: Math.max(0, left), resetS: calls.resetS(userId), allowed: left >= 0 }
}
