import type { Clock } from '@bigtech/kernel'
import type { UserFrames } from '@bigtech/realtime'
import { friendErrors } from '../contract/errors.ts'
import type { FriendRequest, Pair, PairChange, PairDecision } from '../domain/pair.ts'
import type { FriendStore, PairOutcome, PeopleStore, UserDirectory } from '../ports.ts'
import { pairEvents, publishFrames } from './pair-events.ts'
import type { Caller } from './people.ts'

export type FriendLimits = Readonly<{
  /** ms after a rejected request */
  ask_again_after: number
  requests_per_day: number
}>

export type PairPorts = {
  friends: FriendStore
  people: PeopleStore
  directory: UserDirectory
  frames: UserFrames
  clock: Clock
  limits: FriendLimits
  /** Wakes the outbox relay. */
  notify(): void
  /** Counts them. */
  changed(done: readonly PairChange[]): void
}

/** Decides on what is between the caller and another person, and tells of it. @throws the refusal */
export async function changePair(
  ports: PairPorts,
  caller: Caller,
  other: number,
  decide: (pair: Pair, sentToday: number) => PairDecision,
): Promise<FriendRequest | null> {
  const { clock } = ports
  const events = pairEvents({ clock, traceparent: caller.traceparent })
  return finish(ports, await ports.friends.update({ a: caller.user_id, b: other, now: clock.now(), decide, events }))
}

export function finish(ports: PairPorts, outcome: PairOutcome): FriendRequest | null {
  if ('refused' in outcome) {
    const { ask_again_after, requests_per_day } = ports.limits
    const params = { days: Math.ceil(ask_again_after / 86_400_000), limit: requests_per_day }
    throw friendErrors[outcome.refused]({ params })
  }
  if (outcome.done.length > 0) ports.notify()
  ports.changed(outcome.done)
  publishFrames(ports.frames, outcome.done)
  return outcome.request
}
