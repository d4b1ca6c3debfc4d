import { randomBytes } from 'node:crypto'
import { chatErrors } from '../../contract/errors.ts'
import { accessGroup, refuseChange } from '../../access/access.ts'
import { change, type Caller, type ManagePorts } from '../manage-rooms/manage-rooms.ts'

/** A new link; the one before stops working. Anyone signed in who has it can join. */
export async function createInvite(ports: ManagePorts, caller: Caller, roomId: number, lifetimeS: number | null) {
  await accessGroup(ports.rooms, roomId, caller.user_id, 'invite')
  const code = randomBytes(16).toString('base64url')
  const expires_at = lifetimeS === null ? null : ports.clock.now() + lifetimeS * 1000
  const by = { user_id: caller.user_id, now: ports.clock.now(), per_day: ports.limits.links_per_day }
  const link = await ports.rooms.setInvite({ room_id: roomId, actor: caller.user_id, code, expires_at, by })
  if (link === 'too_many_today') throw chatErrors.TOO_MANY_LINKS_TODAY({ params: { limit: by.per_day } })
  if (link === 'refused') return refuseChange(ports.rooms, roomId, caller.user_id, 'invite')
  // An earlier attempt may have made another.
  return { code: link.code ?? code, expires_at: link.expires_at }
}

export async function readInvite(ports: ManagePorts, caller: Caller, roomId: number) {
  await accessGroup(ports.rooms, roomId, caller.user_id, 'invite')
  const invite = await ports.rooms.invite(roomId)
  if (!invite) throw chatErrors.INVITE_NOT_FOUND()
  return invite
}

export async function revokeInvite(ports: ManagePorts, caller: Caller, roomId: number): Promise<void> {
  await accessGroup(ports.rooms, roomId, caller.user_id, 'invite')
  const none = { room_id: roomId, actor: caller.user_id, code: null, expires_at: null }
  if ((await ports.rooms.setInvite(none)) === 'refused')
    await refuseChange(ports.rooms, roomId, caller.user_id, 'invite')
}

/** What a link leads to, to be asked about before one joins. Who the members are is not told. @throws INVITE_NOT_FOUND */
export async function previewInvite(ports: ManagePorts, caller: Caller, code: string) {
  const roomId = await ports.rooms.roomOfInvite(code, ports.clock.now())
  const found = roomId === undefined ? undefined : await ports.rooms.find(roomId, caller.user_id)
  if (!found || (await ownerAvoids(ports, found.room.id, caller.user_id))) throw chatErrors.INVITE_NOT_FOUND()
  const { id, name, member_count } = found.room
  return { room_id: id, name, member_count, is_member: found.me !== undefined }
}

/** Joining again, as a member, changes nothing. Who was removed does not come back by a link. */
export async function joinByInvite(ports: ManagePorts, caller: Caller, code: string): Promise<number> {
  const roomId = await ports.rooms.roomOfInvite(code, ports.clock.now())
  if (roomId === undefined || (await ownerAvoids(ports, roomId, caller.user_id))) throw chatErrors.INVITE_NOT_FOUND()
  const { members, rooms } = ports.limits
  const outcome = await ports.rooms.addMembers({
    ...change(ports, caller),
    room_id: roomId,
    user_ids: [caller.user_id],
    via: 'invite',
    limit: members,
    rooms_limit: rooms,
  })
  if (outcome === 'full') throw chatErrors.ROOM_FULL({ params: { limit: members } })
  if (outcome === 'too_many_rooms') throw chatErrors.TOO_MANY_ROOMS({ params: { limit: rooms } })
  if (outcome === 'removed') throw chatErrors.REMOVED_FROM_ROOM()
  return roomId
}

/** Whether the owner has blocked somebody who is no member. They are told no more than that the link leads nowhere. */
async function ownerAvoids({ rooms, people }: ManagePorts, roomId: number, userId: number): Promise<boolean> {
  const members = await rooms.members(roomId)
  const owner = members.find(({ role }) => role === 'owner')
  if (!owner || members.some((member) => member.user_id === userId)) return false
  return people.hasBlocked(owner.user_id, userId)
}
