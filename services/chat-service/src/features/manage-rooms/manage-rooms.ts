import type { Clock } from '@bigtech/kernel'
import { chatErrors } from '../../contract/errors.ts'
import { systemText } from '../../domain/message.ts'
import type { PeopleReadModel, RoomStore, UserDirectory } from '../../ports.ts'
import { accessGroup, accessRoom, refuseChange } from '../../access/access.ts'
import { namesOf, peopleToInvite } from './people.ts'

export type ManagePorts = { rooms: RoomStore; people: PeopleReadModel; directory: UserDirectory; clock: Clock }

export type Caller = { user_id: number; authorization: string; traceparent: string }

/** The pair's room: the existing one, or a new one. */
export async function openDirect(
  ports: ManagePorts,
  caller: Caller,
  otherId: number,
): Promise<{ room_id: number; created: boolean }> {
  if (otherId === caller.user_id) throw chatErrors.DIRECT_WITH_SELF()
  await peopleToInvite(ports, caller.user_id, [otherId], caller.authorization)
  return ports.rooms.openDirect({
    user_id: caller.user_id,
    other_id: otherId,
    now: ports.clock.now(),
    traceparent: caller.traceparent,
  })
}

export async function createGroup(
  ports: ManagePorts,
  caller: Caller,
  group: { name: string; member_ids: readonly number[] },
) {
  const memberIds = [...new Set(group.member_ids)].filter((id) => id !== caller.user_id)
  await peopleToInvite(ports, caller.user_id, memberIds, caller.authorization)
  return ports.rooms.createGroup({
    ...(await change(ports, caller, { kind: 'room_created', user_ids: [] })),
    name: group.name.trim(),
    member_ids: memberIds,
  })
}

export async function renameRoom(ports: ManagePorts, caller: Caller, roomId: number, name: string): Promise<void> {
  const { room } = await accessGroup(ports.rooms, roomId, caller.user_id, 'rename')
  const trimmed = name.trim()
  if (room.name === trimmed) return
  const outcome = await ports.rooms.rename({
    ...(await change(ports, caller, { kind: 'room_renamed', name: trimmed })),
    room_id: roomId,
    name: trimmed,
  })
  if (outcome === 'refused') await refuseChange(ports.rooms, roomId, caller.user_id, 'rename')
}

export async function setMuted(ports: ManagePorts, caller: Caller, roomId: number, muted: boolean): Promise<void> {
  const { me } = await accessRoom(ports.rooms, roomId, caller.user_id)
  if (me.muted !== muted) await ports.rooms.setMuted({ room_id: roomId, user_id: caller.user_id, muted })
}

/** Leaves a group; clears a direct room until the next message in it. */
export async function leaveRoom(ports: ManagePorts, caller: Caller, roomId: number): Promise<void> {
  const { room } = await accessRoom(ports.rooms, roomId, caller.user_id)
  if (room.type === 'direct') return ports.rooms.hideDirect({ room_id: roomId, user_id: caller.user_id })
  const event = { kind: 'member_left', user_ids: [caller.user_id], via: 'left', new_owner: null } as const
  await ports.rooms.removeMember({
    ...(await change(ports, caller, event)),
    room_id: roomId,
    user_id: caller.user_id,
    via: 'left',
  })
}

/** The parts every change of a group has: who, when, and the text of its system message. */
export async function change(ports: ManagePorts, caller: Caller, event: Parameters<typeof systemText>[0]) {
  const named = 'user_ids' in event ? event.user_ids : []
  const profiles = await ports.people.profiles([...named.slice(0, 6), caller.user_id])
  return {
    actor: caller.user_id,
    now: ports.clock.now(),
    traceparent: caller.traceparent,
    text: systemText(event, namesOf(profiles), caller.user_id),
  }
}
