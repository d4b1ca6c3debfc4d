import { chatErrors } from '../../contract/errors.ts'
import { MAX_MEMBERS, type Role } from '../../domain/room.ts'
import { accessGroup, accessMember, refuseChange } from '../../access/access.ts'
import { change, leaveRoom, type Caller, type ManagePorts } from '../manage-rooms/manage-rooms.ts'
import { peopleToInvite } from '../manage-rooms/people.ts'

/** Those who are members already are left as they are. */
export async function addMembers(
  ports: ManagePorts,
  caller: Caller,
  roomId: number,
  userIds: readonly number[],
): Promise<readonly number[]> {
  await accessGroup(ports.rooms, roomId, caller.user_id, 'add')
  const ids = [...new Set(userIds)]
  await peopleToInvite(
    ports,
    caller.user_id,
    ids.filter((id) => id !== caller.user_id),
    caller.authorization,
  )
  const event = { kind: 'member_joined', user_ids: ids, via: 'added' } as const
  const outcome = await ports.rooms.addMembers({
    ...(await change(ports, caller, event)),
    room_id: roomId,
    user_ids: ids,
    via: 'added',
    limit: MAX_MEMBERS,
  })
  if (outcome === 'refused') return refuseChange(ports.rooms, roomId, caller.user_id, 'add')
  if (outcome === 'full') throw chatErrors.ROOM_FULL({ params: { limit: MAX_MEMBERS } })
  return outcome.added
}

export async function removeMember(ports: ManagePorts, caller: Caller, roomId: number, userId: number): Promise<void> {
  if (userId === caller.user_id) return leaveRoom(ports, caller, roomId)
  const { me } = await accessGroup(ports.rooms, roomId, caller.user_id, 'remove')
  await accessMember(ports.rooms, me, userId)
  const event = { kind: 'member_left', user_ids: [userId], via: 'removed', new_owner: null } as const
  const outcome = await ports.rooms.removeMember({
    ...(await change(ports, caller, event)),
    room_id: roomId,
    user_id: userId,
    via: 'removed',
  })
  if (outcome === 'refused') await refuseChange(ports.rooms, roomId, caller.user_id, 'remove')
}

export async function setRole(
  ports: ManagePorts,
  caller: Caller,
  roomId: number,
  userId: number,
  role: Role,
): Promise<void> {
  const { me } = await accessGroup(ports.rooms, roomId, caller.user_id, 'set_role')
  if (userId === caller.user_id) {
    if (role === 'owner') return
    // The owner gives the role away by making somebody else owner; a group never has none.
    throw chatErrors.ROLE_REQUIRED({ params: { role: 'owner' } })
  }
  const target = await accessMember(ports.rooms, me, userId)
  if (target.role === role) return
  const event = { kind: 'role_changed', user_ids: [userId], role } as const
  const command = { ...(await change(ports, caller, event)), room_id: roomId, user_id: userId, role }
  if ((await ports.rooms.setRole(command)) === 'refused')
    await refuseChange(ports.rooms, roomId, caller.user_id, 'set_role')
}
