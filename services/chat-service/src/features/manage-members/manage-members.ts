import { chatErrors } from '../../contract/errors.ts'
import type { Role } from '../../domain/room.ts'
import { accessGroup, accessMember, refuseChange } from '../../access/access.ts'
import { unlessDone } from '../../access/unless-done.ts'
import { change, leaveRoom, type Caller, type ManagePorts } from '../manage-rooms/manage-rooms.ts'
import { tell } from '../answer-invitation/answer-invitation.ts'
import { peopleToInvite } from '../manage-rooms/people.ts'

/**
 * Those who are members already are left as they are; who left or was removed is asked.
 * @returns who was asked (or waits to be), but for those who declined lately
 */
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
  const { members, rooms, ask_again_after } = ports.limits
  const outcome = await ports.rooms.addMembers({
    ...change(ports, caller),
    room_id: roomId,
    user_ids: ids,
    via: 'added',
    limit: members,
    rooms_limit: rooms,
    ask_again_after,
  })
  if (typeof outcome === 'object') {
    for (const id of outcome.invited) tell(ports, id, roomId, 'sent')
    return outcome.invited
  }
  if (outcome === 'full') throw chatErrors.ROOM_FULL({ params: { limit: members } })
  if (outcome === 'too_many_rooms') throw chatErrors.MEMBER_IN_TOO_MANY_ROOMS()
  if (outcome === 'admins_only') throw chatErrors.REMOVED_BY_ADMIN()
  return refuseChange(ports.rooms, roomId, caller.user_id, 'add')
}

export async function removeMember(ports: ManagePorts, caller: Caller, roomId: number, userId: number): Promise<void> {
  if (userId === caller.user_id) return leaveRoom(ports, caller, roomId)
  const target = await unlessDone(ports.rooms, roomId, async () => {
    const { me } = await accessGroup(ports.rooms, roomId, caller.user_id, 'remove')
    return accessMember(ports.rooms, me, userId)
  })
  if (!target) return
  const outcome = await ports.rooms.removeMember({
    ...change(ports, caller),
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
  const found = await unlessDone(ports.rooms, roomId, () =>
    accessGroup(ports.rooms, roomId, caller.user_id, 'set_role'),
  )
  if (!found) return
  if (userId === caller.user_id) {
    if (role === 'owner') return
    // The owner gives the role away by making somebody else owner; a group never has none.
    throw chatErrors.ROLE_REQUIRED({ params: { role: 'owner' } })
  }
  const target = await accessMember(ports.rooms, found.me, userId)
  if (target.role === role) return
  const command = { ...change(ports, caller), room_id: roomId, user_id: userId, role }
  if ((await ports.rooms.setRole(command)) === 'refused')
    await refuseChange(ports.rooms, roomId, caller.user_id, 'set_role')
}
