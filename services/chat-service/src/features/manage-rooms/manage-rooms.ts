import { isBlank, isoTime, isPlainText, type Clock } from '@bigtech/kernel'
import type { UserFrames } from '@bigtech/realtime'
import { chatErrors } from '../../contract/errors.ts'
import { nextOwner, withMuted, type Member, type RoomSettings } from '../../domain/room.ts'
import type {
  CreateOutcome,
  GroupLimits,
  MembershipChange,
  PeopleReadModel,
  RoomStore,
  SettingsChange,
  UserDirectory,
} from '../../ports.ts'
import { accessGroup, accessRoom, refuseChange } from '../../access/access.ts'
import { unlessDone } from '../../access/unless-done.ts'
import { peopleToInvite } from './people.ts'

export type RoomLimits = GroupLimits &
  Readonly<{
    links_per_day: number
    /** ms after a declined invitation */
    ask_again_after: number
  }>

export type ManagePorts = {
  rooms: RoomStore
  people: PeopleReadModel
  directory: UserDirectory
  frames: UserFrames
  clock: Clock
  limits: RoomLimits
}

export type Caller = { user_id: number; authorization: string; traceparent: string }

/** The pair's room: the existing one, or a new one. */
export async function openDirect(
  ports: ManagePorts,
  caller: Caller,
  otherId: number,
): Promise<{ room_id: number; created: boolean }> {
  if (otherId === caller.user_id) throw chatErrors.DIRECT_WITH_SELF()
  await peopleToInvite(ports, caller.user_id, [otherId], caller.authorization)
  const outcome = await ports.rooms.openDirect({
    user_id: caller.user_id,
    other_id: otherId,
    now: ports.clock.now(),
    traceparent: caller.traceparent,
    rooms_limit: ports.limits.rooms,
  })
  if (outcome === 'too_many_rooms') throw chatErrors.TOO_MANY_ROOMS({ params: { limit: ports.limits.rooms } })
  return outcome
}

/** @param group.name blank: none, and everybody sees the names of the others */
export async function createGroup(
  ports: ManagePorts,
  caller: Caller,
  group: { name: string; member_ids: readonly number[] },
): Promise<{ room_id: number }> {
  const memberIds = [...new Set(group.member_ids)].filter((id) => id !== caller.user_id)
  await peopleToInvite(ports, caller.user_id, memberIds, caller.authorization)
  const outcome = await ports.rooms.createGroup({
    ...change(ports, caller),
    name: nameOf(group.name) || null,
    member_ids: memberIds,
    limits: ports.limits,
  })
  return typeof outcome === 'object' ? outcome : refuseGroup(ports.limits, outcome)
}

function refuseGroup(limits: RoomLimits, outcome: Exclude<CreateOutcome, object>): never {
  const refusals = {
    full: () => chatErrors.ROOM_FULL({ params: { limit: limits.members } }),
    too_many_rooms: () => chatErrors.TOO_MANY_ROOMS({ params: { limit: limits.rooms } }),
    too_many_rooms_of_others: () => chatErrors.MEMBER_IN_TOO_MANY_ROOMS(),
    too_many_today: () => chatErrors.TOO_MANY_GROUPS_TODAY({ params: { limit: limits.per_day } }),
  }
  throw refusals[outcome]()
}

/** A blank name takes the name away. */
export async function renameRoom(ports: ManagePorts, caller: Caller, roomId: number, name: string): Promise<void> {
  const { room } = await accessGroup(ports.rooms, roomId, caller.user_id, 'rename')
  const wanted = nameOf(name)
  if ((room.name ?? '') === wanted) return
  const outcome = await ports.rooms.rename({ ...change(ports, caller), room_id: roomId, name: wanted })
  if (outcome === 'refused') await refuseChange(ports.rooms, roomId, caller.user_id, 'rename')
}

export async function setMuted(ports: ManagePorts, caller: Caller, roomId: number, muted: boolean): Promise<void> {
  const { me } = await accessRoom(ports.rooms, roomId, caller.user_id)
  const { notify, muted_until } = withMuted(me, muted)
  if (me.notify !== notify || me.muted_until !== muted_until)
    await ports.rooms.setMuted({ ...ofCaller(ports, caller, roomId), muted })
}

/** @param settings.muted_until a time to come, or what it is already @throws MUTED_UNTIL_PAST */
export async function setSettings(
  ports: ManagePorts,
  caller: Caller,
  roomId: number,
  { notify, muted_until }: RoomSettings,
): Promise<void> {
  const { me } = await accessRoom(ports.rooms, roomId, caller.user_id)
  if (me.notify === notify && me.muted_until === muted_until) return
  if (muted_until !== null && muted_until !== me.muted_until && muted_until <= ports.clock.now())
    throw chatErrors.MUTED_UNTIL_PAST({ field: 'muted_until', params: { now: isoTime(ports.clock.now()) } })
  await ports.rooms.setSettings({ ...ofCaller(ports, caller, roomId), notify, muted_until })
}

const ofCaller = ({ clock }: ManagePorts, { user_id, traceparent }: Caller, room_id: number): SettingsChange => ({
  room_id,
  user_id,
  now: clock.now(),
  traceparent,
})

/** Leaves a group; clears a direct room until the next message in it. */
export async function leaveRoom(ports: ManagePorts, caller: Caller, roomId: number): Promise<void> {
  const found = await unlessDone(ports.rooms, roomId, () => accessRoom(ports.rooms, roomId, caller.user_id))
  if (!found) return
  if (found.room.type === 'direct') return ports.rooms.hideDirect({ room_id: roomId, user_id: caller.user_id })
  await ports.rooms.removeMember({
    ...change(ports, caller),
    room_id: roomId,
    user_id: caller.user_id,
    via: 'left',
  })
}

/** Who would own the group if the caller left: nobody new unless they own it, and nobody at all if they are its last member. */
export async function heirOf(ports: ManagePorts, caller: Caller, roomId: number): Promise<Member | undefined> {
  const { room, me } = await accessRoom(ports.rooms, roomId, caller.user_id)
  if (room.type === 'direct' || me.role !== 'owner') return undefined
  return nextOwner((await ports.rooms.members(roomId)).filter(({ user_id }) => user_id !== caller.user_id))
}

/** As it is stored; empty when nothing of it is seen. @throws NAME_NOT_PLAIN */
function nameOf(typed: string): string {
  if (isBlank(typed)) return ''
  const name = typed.trim().normalize('NFC')
  if (!isPlainText(name)) throw chatErrors.NAME_NOT_PLAIN({ field: 'name' })
  return name
}

/** The parts every change of a group has: who and when. */
export const change = (ports: ManagePorts, caller: Caller): MembershipChange => ({
  actor: caller.user_id,
  now: ports.clock.now(),
  traceparent: caller.traceparent,
})
