/** What is between two people, and what each may make of it. Pure: no I/O, clock or randomness. */

export type RequestStatus = 'pending' | 'accepted' | 'rejected' | 'cancelled'
export type FriendRequest = Readonly<{
  id: number
  from_user_id: number
  to_user_id: number
  status: RequestStatus
  created_at: number
}>

export type Pair = Readonly<{
  friends: boolean
  /** At most one is open between two people. */
  pending: FriendRequest | null
  /** Who of the two has blocked the other. */
  blocked_by: readonly number[]
  /** Who of the two rejected the other's latest request, and when (epoch ms). */
  rejections: readonly Readonly<{ by: number; at: number }>[]
}>

export type RequestLimits = Readonly<{
  now: number
  /** ms after a rejection in which one does not ask the same person again */
  ask_again_after: number
  /** Requests one sends in 24 hours, and how many those of the last were. */
  per_day: number
  sent_today: number
}>

/** Steps the store takes together, with an event each. */
export type PairChange =
  | Readonly<{ kind: 'request'; from: number; to: number }>
  | Readonly<{ kind: 'close'; request: FriendRequest; status: Exclude<RequestStatus, 'pending'> }>
  | Readonly<{ kind: 'befriend'; request: FriendRequest }>
  | Readonly<{ kind: 'unfriend'; by: number; other: number }>
  | Readonly<{ kind: 'block'; by: number; other: number }>
  | Readonly<{ kind: 'unblock'; by: number; other: number }>

export type PairRefusal =
  | 'REJECTED_LATELY'
  | 'TOO_MANY_REQUESTS_TODAY'
  | 'ALREADY_REQUESTED'
  | 'ALREADY_FRIENDS'
  | 'YOU_BLOCKED'
  | 'USER_NOT_FOUND'
  | 'REQUEST_CLOSED'

export type PairDecision = readonly PairChange[] | Readonly<{ refused: PairRefusal }>

const refused = (code: PairRefusal): PairDecision => ({ refused: code })

/** Asking somebody who has asked oneself is accepting: two crossing requests become a friendship. */
export function decideRequest(pair: Pair, actor: number, target: number, limits: RequestLimits): PairDecision {
  if (pair.blocked_by.includes(actor)) return refused('YOU_BLOCKED')
  // Being blocked is not told: the other person seems not to exist.
  if (pair.blocked_by.includes(target)) return refused('USER_NOT_FOUND')
  if (pair.friends) return refused('ALREADY_FRIENDS')
  if (pair.pending?.from_user_id === actor) return refused('ALREADY_REQUESTED')
  if (pair.pending) return accept(pair.pending)
  const rejected = pair.rejections.find(({ by }) => by === target)
  if (rejected && limits.now - rejected.at < limits.ask_again_after) return refused('REJECTED_LATELY')
  if (limits.sent_today >= limits.per_day) return refused('TOO_MANY_REQUESTS_TODAY')
  return [{ kind: 'request', from: actor, to: target }]
}

export type Answer = 'accept' | 'reject' | 'cancel'

const OUTCOME = { accept: 'accepted', reject: 'rejected', cancel: 'cancelled' } as const

/** Answers a request the actor may answer. Repeating an answer changes nothing; another one comes too late. */
export function decideAnswer(request: FriendRequest, answer: Answer): PairDecision {
  if (request.status === OUTCOME[answer]) return []
  if (request.status !== 'pending') return refused('REQUEST_CLOSED')
  return answer === 'accept' ? accept(request) : [{ kind: 'close', request, status: OUTCOME[answer] }]
}

const accept = (request: FriendRequest): PairDecision => [
  { kind: 'close', request, status: 'accepted' },
  { kind: 'befriend', request },
]

export const decideRemoval = (pair: Pair, actor: number, other: number): PairDecision =>
  pair.friends ? [{ kind: 'unfriend', by: actor, other }] : []

/** A block ends the friendship and open requests of either side. */
export function decideBlock(pair: Pair, actor: number, other: number): PairDecision {
  if (pair.blocked_by.includes(actor)) return []
  return [
    ...(pair.friends ? [{ kind: 'unfriend', by: actor, other } as const] : []),
    ...(pair.pending ? [{ kind: 'close', request: pair.pending, status: 'cancelled' } as const] : []),
    { kind: 'block', by: actor, other },
  ]
}

export const decideUnblock = (pair: Pair, actor: number, other: number): PairDecision =>
  pair.blocked_by.includes(actor) ? [{ kind: 'unblock', by: actor, other }] : []
