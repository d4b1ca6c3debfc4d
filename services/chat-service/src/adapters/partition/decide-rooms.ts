import { mayStill, withMuted, type RoomSettings } from '../../domain/room.ts'
import type { Answers, Asks } from './commands.ts'
import { anyFull } from './decide-members.ts'
import { Draft, only, type Decision } from './draft.ts'
import type { NewMember, Occasion } from './entries.ts'
import type { PartitionState, RoomMember } from './state.ts'

export function openDirect(
  state: PartitionState,
  key: string,
  { room_id, user_id, other_id, now, traceparent, rooms_limit }: Asks<'openDirect'>,
): Decision<Answers<'openDirect'>> {
  const room = state.room(room_id)
  if (room) {
    const me = room.members.get(user_id)
    const answer = { room_id, created: false }
    if (!me?.hidden) return only(answer)
    return new Draft(state, room, key).add(settingsOf({ ...me, hidden: false })).answering(answer)
  }
  // The other one can always be written to.
  if (anyFull(state, [user_id], rooms_limit)) return only('too_many_rooms')
  const members = [user_id, other_id].map((id) => firstMember(id, now))
  const draft = new Draft(state, { id: room_id, f: 0 }, key).add({
    kind: 'created',
    room: { type: 'direct', name: null, created_by: user_id, created_at: now },
    members,
    on: { now, traceparent },
  })
  return draft.answering({ room_id, created: true })
}

export function createGroup(
  state: PartitionState,
  key: string,
  asks: Asks<'createGroup'>,
): Decision<Answers<'createGroup'>> {
  const { room_id, actor, name, member_ids, now, traceparent } = asks
  // The id is of this command alone.
  if (state.room(room_id)) return only({ room_id })
  const user_ids = [actor, ...member_ids]
  const members = user_ids.map((id) => firstMember(id, now, id === actor ? 'owner' : 'member'))
  const room = {
    id: room_id,
    type: 'group',
    last_seq: 0,
    rev: 0,
    last_activity_at: now,
    members: new Map(members.map((member) => [member.user_id, { ...member, hidden: false }])),
  } as const
  const draft = new Draft(state, { id: room_id, f: 0 }, key)
    .add({
      kind: 'created',
      room: { type: 'group', name, created_by: actor, created_at: now },
      members,
      on: { now, traceparent },
    })
    .tell(room, asks, { kind: 'room_created', user_ids })
  return draft.answering({ room_id })
}

/** An empty name: none. */
export function rename(state: PartitionState, key: string, asks: Asks<'rename'>): Decision<Answers<'rename'>> {
  const { room_id, actor, name } = asks
  const room = state.room(room_id)
  if (!room || !mayStill(room.members.get(actor), 'rename')) return only('refused')
  const draft = new Draft(state, room, key).tell(room, asks, { kind: 'room_renamed', name }, { name: name || null })
  return draft.answering('done')
}

export function hideDirect(
  state: PartitionState,
  key: string,
  { room_id, user_id }: Asks<'hideDirect'>,
): Decision<null> {
  const room = state.room(room_id)
  const me = room?.members.get(user_id)
  if (room?.type !== 'direct' || !me) return only(null)
  const { last_seq } = room
  const draft = new Draft(state, room, key)
  const old_read_seq = me.read_seq
  if (last_seq > old_read_seq) draft.add({ kind: 'read', user_id, old_read_seq, read_seq: last_seq, on: null })
  draft.add(settingsOf({ ...me, hidden: true, join_seq: last_seq }))
  return draft.answering(null)
}

export function setMuted(
  state: PartitionState,
  key: string,
  { muted, now, traceparent, ...member }: Asks<'setMuted'>,
): Decision<null> {
  const on = now === undefined || traceparent === undefined ? undefined : { now, traceparent }
  return settle(state, key, member, (before) => withMuted(before, muted), on)
}

export function setSettings(
  state: PartitionState,
  key: string,
  { notify, muted_until, now, traceparent, ...member }: Asks<'setSettings'>,
): Decision<null> {
  return settle(state, key, member, () => ({ notify, muted_until }), { now, traceparent })
}

function settle(
  state: PartitionState,
  key: string,
  { room_id, user_id }: Readonly<{ room_id: number; user_id: number }>,
  decide: (before: RoomSettings) => RoomSettings,
  on: Occasion | undefined,
): Decision<null> {
  const room = state.room(room_id)
  const me = room?.members.get(user_id)
  if (!room || !me) return only(null)
  const settings = settingsOf({ ...me, ...decide(me) })
  return new Draft(state, room, key).add(on ? { ...settings, on } : settings).answering(null)
}

export function setInvite(
  state: PartitionState,
  key: string,
  { room_id, actor, code, expires_at }: Asks<'setInvite'>,
): Decision<Answers<'setInvite'>> {
  const room = state.room(room_id)
  const link = { code, expires_at }
  if (!room) return only(link)
  if (actor !== undefined && !mayStill(room.members.get(actor), 'invite')) return only('refused')
  return new Draft(state, room, key).add({ kind: 'link', ...link }).answering(link)
}

const settingsOf = ({ user_id, notify, muted_until, hidden, join_seq }: RoomMember) =>
  ({ kind: 'settings', user_id, muted: notify === 'none', notify, muted_until, hidden, join_seq }) as const

const firstMember = (user_id: number, now: number, role: NewMember['role'] = 'member'): NewMember => ({
  user_id,
  role,
  join_seq: 0,
  joined_at: now,
  read_seq: 0,
})
