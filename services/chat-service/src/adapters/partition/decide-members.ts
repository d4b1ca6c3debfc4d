import { decideAsking, decideEntrance, mayStill, nextOwner, stillOutranks } from '../../domain/room.ts'
import type { Answers, Asks } from './commands.ts'
import { Draft, joinedBy, leftBy, only, type Decision } from './draft.ts'
import type { Added, NewMember, Occasion } from './entries.ts'
import type { PartitionState, RoomState } from './state.ts'

export function addMembers(
  state: PartitionState,
  key: string,
  asks: Asks<'addMembers'>,
): Decision<Answers<'addMembers'>> {
  const { room_id, actor, user_ids, via, limit, rooms_limit, now } = asks
  const room = state.room(room_id)
  if (!room) return only('refused')
  const me = room.members.get(actor)
  const decision = decideEntrance({
    via,
    user_ids,
    limit,
    member_count: room.members.size,
    isMember: (id) => room.members.has(id),
    wentOut: (id) => room.former.get(id),
    mayAdd: mayStill(me, 'add'),
    mayRemove: mayStill(me, 'remove'),
    anyFull: (ids) => anyFull(state, ids, rooms_limit),
  })
  if (typeof decision === 'string') return only(decision)
  const asking = decision.toAsk.map((id) => ({
    id,
    outcome: decideAsking(room.invitations.get(id), now, asks.ask_again_after),
  }))
  const outcome = {
    added: decision.added,
    invited: asking.flatMap((one) => (one.outcome === 'too soon' ? [] : [one.id])),
  }
  const invitations = asking
    .filter((one) => one.outcome === 'asked')
    .map(({ id: user_id }) => ({ user_id, invited_by: actor, created_at: now }))
  const draft = new Draft(state, room, key)
  if (invitations.length > 0) draft.add({ kind: 'invited', invitations, outcome })
  if (decision.added.length > 0) enter(draft, room, { ...asks, via }, outcome)
  return draft.answering(outcome)
}

export function acceptInvitation(
  state: PartitionState,
  key: string,
  asks: Asks<'acceptInvitation'>,
): Decision<Answers<'acceptInvitation'>> {
  const { room_id, actor, limit, rooms_limit } = asks
  const room = state.room(room_id)
  if (room?.members.has(actor)) return only('done')
  if (!room || room.members.size === 0) return only('not_invited')
  if (room.invitations.get(actor)?.declined_at !== null) return only('not_invited')
  if (room.members.size + 1 > limit) return only('full')
  if (anyFull(state, [actor], rooms_limit)) return only('too_many_rooms')
  const draft = new Draft(state, room, key)
  enter(draft, room, { ...asks, via: 'invite' }, { added: [actor], invited: [] })
  return draft.answering('done')
}

export function declineInvitation(
  state: PartitionState,
  key: string,
  { room_id, user_id, now }: Asks<'declineInvitation'>,
): Decision<boolean> {
  const room = state.room(room_id)
  if (room?.invitations.get(user_id)?.declined_at !== null) return only(false)
  return new Draft(state, room, key).add({ kind: 'declined', user_id, declined_at: now }).answering(true)
}

export function withdrawInvitation(
  state: PartitionState,
  key: string,
  { room_id, user_id }: Asks<'withdrawInvitation'>,
): Decision<null> {
  const room = state.room(room_id)
  if (!room?.invitations.has(user_id)) return only(null)
  return new Draft(state, room, key).add({ kind: 'withdrawn', user_ids: [user_id] }).answering(null)
}

export function removeMember(
  state: PartitionState,
  key: string,
  asks: Asks<'removeMember'>,
): Decision<Answers<'removeMember'>> {
  const { room_id, user_id, actor, via, now, traceparent } = asks
  const room = state.room(room_id)
  const leaver = room?.members.get(user_id)
  if (!room || !leaver) return only(false)
  const me = room.members.get(actor)
  if (via === 'removed' && !(mayStill(me, 'remove') && stillOutranks(me, leaver))) return only('refused')
  const remaining = [...room.members.values()].filter((one) => one !== leaver)
  const new_owner = leaver.role === 'owner' ? (nextOwner(remaining)?.user_id ?? null) : null
  const draft = new Draft(state, room, key)
  const system = { kind: 'member_left', user_ids: [user_id], via, new_owner } as const
  const heir = new_owner === null ? undefined : { roles: [{ user_id: new_owner, role: 'owner' } as const] }
  draft.tell(leftBy(room, user_id), asks, system, heir)
  draft.add({
    kind: 'left',
    user_id,
    via,
    new_owner,
    member_count: remaining.length,
    withdrawn: withdrawnBy(room, user_id, via, remaining.length),
    on: { now, traceparent },
  })
  return draft.answering(true)
}

export function setRole(state: PartitionState, key: string, asks: Asks<'setRole'>): Decision<Answers<'setRole'>> {
  const { room_id, user_id, role, actor } = asks
  const room = state.room(room_id)
  const me = room?.members.get(actor)
  if (!room || !mayStill(me, 'set_role') || !stillOutranks(me, room.members.get(user_id))) return only('refused')
  const before = role === 'owner' ? [{ user_id: actor, role: 'admin' } as const] : []
  const roles = [...before, { user_id, role }]
  const draft = new Draft(state, room, key).tell(
    room,
    asks,
    { kind: 'role_changed', user_ids: [user_id], role },
    { roles },
  )
  return draft.answering('done')
}

/** Whether one of them may be in no further room, as the tables had it when the batch was loaded. */
export const anyFull = (state: PartitionState, userIds: readonly number[], limit: number | undefined): boolean =>
  limit !== undefined && userIds.some((id) => (state.counts.get(id) ?? 0) >= limit)

function enter(
  draft: Draft,
  room: RoomState,
  command: Occasion & { actor: number; via: 'added' | 'invite' },
  outcome: Added,
): void {
  const { actor, via, now, traceparent } = command
  const { last_seq } = room
  const members = outcome.added.map((user_id): NewMember => ({
    user_id,
    role: 'member',
    join_seq: last_seq,
    joined_at: now,
    read_seq: last_seq,
  }))
  const member_count = room.members.size + members.length
  draft.add({ kind: 'joined', members, via, by: actor, member_count, outcome, on: { now, traceparent } })
  draft.tell(joinedBy(room, members), command, { kind: 'member_joined', user_ids: outcome.added, via })
}

/** Who is removed takes their open invitations with them; to a room that nobody is in there are none. */
function withdrawnBy(room: RoomState, userId: number, via: string, remaining: number): readonly number[] {
  const all = [...room.invitations.values()]
  if (remaining === 0) return all.map(({ user_id }) => user_id)
  if (via === 'left') return []
  return all.flatMap((one) => (one.invited_by === userId && one.declined_at === null ? [one.user_id] : []))
}
