/** Rooms, members and what they may do. Pure: no I/O, clock or randomness. */

export type Role = 'owner' | 'admin' | 'member'
export type RoomType = 'direct' | 'group'

export type Room = Readonly<{
  id: number
  type: RoomType
  /** Of groups, if they have one; else a room is named after the others by whoever shows it (views/room-name.ts). */
  name: string | null
  created_by: number
  created_at: number
  last_seq: number
  rev: number
  member_count: number
}>

/** What a member is told of beside what they open: every message, those that mention or answer them, or none. */
export type Notify = 'all' | 'mentions' | 'none'

/** What a member has set for a room. */
export type RoomSettings = Readonly<{
  notify: Notify
  /** epoch ms: until then nothing is told, whatever `notify` says; in the past it means nothing. */
  muted_until: number | null
}>

export const DEFAULT_SETTINGS: RoomSettings = { notify: 'all', muted_until: null }

export type Member = Readonly<{
  room_id: number
  user_id: number
  role: Role
  /** Messages up to here were before this member's time and are not shown to them. */
  join_seq: number
  joined_at: number
  read_seq: number
}> &
  RoomSettings

export const MAX_ADDED_AT_ONCE = 1_000

const rank: Readonly<Record<Role, number>> = { member: 0, admin: 1, owner: 2 }

export type RoomAction = 'rename' | 'invite' | 'add' | 'remove' | 'set_role' | 'pin' | 'delete_any'

/** The lowest role that may do it in a group. Any member may add people and pin, as in KakaoTalk. */
const needed: Readonly<Record<RoomAction, Role>> = {
  add: 'member',
  pin: 'member',
  invite: 'admin',
  rename: 'admin',
  remove: 'admin',
  delete_any: 'admin',
  set_role: 'owner',
}

/** @returns the role that would be needed, or undefined when allowed */
export function missingRole(actor: Pick<Member, 'role'>, action: RoomAction): Role | undefined {
  return rank[actor.role] >= rank[needed[action]] ? undefined : needed[action]
}

/** Removing someone takes a higher role than theirs. */
export const outranks = (actor: Pick<Member, 'role'>, target: Pick<Member, 'role'>): boolean =>
  rank[actor.role] > rank[target.role]

/** Whether somebody may do it, who may have lost the role or the room since it was checked. */
export const mayStill = (actor: Pick<Member, 'role'> | undefined, action: RoomAction): boolean =>
  actor !== undefined && missingRole(actor, action) === undefined
export const stillOutranks = (
  actor: Pick<Member, 'role'> | undefined,
  target: Pick<Member, 'role'> | undefined,
): boolean => actor !== undefined && target !== undefined && outranks(actor, target)

/** What is known of a group and of those who are to come in, in the moment of writing. */
export type Entrance = Readonly<{
  via: 'added' | 'invite'
  user_ids: readonly number[]
  /** The group's members, and how many it may have. */
  member_count: number
  limit: number
  isMember: (userId: number) => boolean
  /** How they went out of it; undefined: they never did. */
  wentOut: (userId: number) => 'left' | 'removed' | 'closed' | null | undefined
  mayAdd: boolean
  mayRemove: boolean
  /** Whether one of them may be in no further room. */
  anyFull: (userIds: readonly number[]) => boolean
}>

/** Who comes in, and who is to be asked: who went out comes back by their own yes only. */
export function decideEntrance(
  entrance: Entrance,
):
  | { added: readonly number[]; toAsk: readonly number[] }
  | 'refused'
  | 'removed'
  | 'admins_only'
  | 'full'
  | 'too_many_rooms' {
  const { via, wentOut, member_count, limit } = entrance
  if (via === 'added' && !entrance.mayAdd) return 'refused'
  const others = entrance.user_ids.filter((id) => !entrance.isMember(id))
  const wasRemoved = (id: number) => wentOut(id) === 'removed'
  if (via === 'invite' && others.some(wasRemoved)) return 'removed'
  const toAsk = via === 'added' ? others.filter((id) => wentOut(id) !== undefined) : []
  // Else any member could undo what the admins did.
  if (toAsk.some(wasRemoved) && !entrance.mayRemove) return 'admins_only'
  const added = others.filter((id) => !toAsk.includes(id))
  if (member_count + added.length > limit) return 'full'
  if (entrance.anyFull(added)) return 'too_many_rooms'
  return { added, toAsk }
}

/**
 * What asking somebody comes to: not again so soon after they declined.
 * @param earlier their invitation, if there is one
 */
export function decideAsking(
  earlier: { declined_at: number | null } | undefined,
  now: number,
  askAgainAfter = 0,
): 'asked' | 'waiting already' | 'too soon' {
  if (!earlier) return 'asked'
  if (earlier.declined_at === null) return 'waiting already'
  return now - earlier.declined_at < askAgainAfter ? 'too soon' : 'asked'
}

/** Only grows, and never passes the head. */
export const nextReadSeq = (readSeq: number, seq: number, lastSeq: number): number =>
  Math.max(readSeq, Math.min(seq, lastSeq))

/** Who owns the group after its owner left: the longest-serving admin, else the longest-serving member. */
export function nextOwner<M extends Pick<Member, 'user_id' | 'role' | 'joined_at'>>(
  remaining: readonly M[],
): M | undefined {
  return remaining.toSorted(
    (a, b) => rank[b.role] - rank[a.role] || a.joined_at - b.joined_at || a.user_id - b.user_id,
  )[0]
}

/** Muted is a room that tells nothing until that is taken back; who takes it back is told as before it, if that is known. */
export const withMuted = ({ notify }: RoomSettings, muted: boolean): RoomSettings => ({
  notify: muted ? 'none' : notify === 'none' ? 'all' : notify,
  muted_until: null,
})

/** One key per pair, so that a direct room exists once however often it is asked for. */
export const directKey = (a: number, b: number): string => (a < b ? `${a}:${b}` : `${b}:${a}`)

/** The position up to which nothing is unread: what was read, or what was before one's time. */
export const readUpTo = (member: Pick<Member, 'read_seq' | 'join_seq'>): number =>
  Math.max(member.read_seq, member.join_seq)

/**
 * Messages after that position, but for those of the system and those that were deleted. A sender has read what they sent (their
 * `read_seq` moves along).
 * @param uncounted the `seq` of all that do not count between that position and `lastSeq`
 */
export const unreadCount = (
  lastSeq: number,
  member: Pick<Member, 'read_seq' | 'join_seq'>,
  uncounted: readonly number[],
): number => Math.max(0, lastSeq - readUpTo(member) - uncounted.length)

/** The number beside a message: current members who have not read up to it. `readSeqs` ascending; O(log members). */
export function unreadMembers(readSeqs: readonly number[], seq: number): number {
  let low = 0
  let high = readSeqs.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (readSeqs[middle]! < seq) low = middle + 1
    else high = middle
  }
  return low
}
