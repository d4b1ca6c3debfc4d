import { randomBytes } from 'node:crypto'
import { chatErrors } from '../../contract/errors.ts'
import { MAX_MEMBERS } from '../../domain/room.ts'
import { accessGroup } from '../../access/access.ts'
import { change, type Caller, type ManagePorts } from '../manage-rooms/manage-rooms.ts'

/** A new link; the one before stops working. Anyone signed in who has it can join. */
export async function createInvite(ports: ManagePorts, caller: Caller, roomId: number, lifetimeS: number | null) {
  await accessGroup(ports.rooms, roomId, caller.user_id, 'invite')
  const code = randomBytes(16).toString('base64url')
  const expires_at = lifetimeS === null ? null : ports.clock.now() + lifetimeS * 1000
  await ports.rooms.setInvite({ room_id: roomId, code, expires_at })
  return { code, expires_at }
}

export async function readInvite(ports: ManagePorts, caller: Caller, roomId: number) {
  await accessGroup(ports.rooms, roomId, caller.user_id, 'invite')
  const invite = await ports.rooms.invite(roomId)
  if (!invite) throw chatErrors.INVITE_NOT_FOUND()
  return invite
}

export async function revokeInvite(ports: ManagePorts, caller: Caller, roomId: number): Promise<void> {
  await accessGroup(ports.rooms, roomId, caller.user_id, 'invite')
  await ports.rooms.setInvite({ room_id: roomId, code: null, expires_at: null })
}

/** Joining again, as a member, changes nothing. */
export async function joinByInvite(ports: ManagePorts, caller: Caller, code: string): Promise<number> {
  const roomId = await ports.rooms.roomOfInvite(code, ports.clock.now())
  if (roomId === undefined) throw chatErrors.INVITE_NOT_FOUND()
  const event = { kind: 'member_joined', user_ids: [caller.user_id], via: 'invite' } as const
  const outcome = await ports.rooms.addMembers({
    ...(await change(ports, caller, event)),
    room_id: roomId,
    user_ids: [caller.user_id],
    via: 'invite',
    limit: MAX_MEMBERS,
  })
  if (outcome === 'full') throw chatErrors.ROOM_FULL({ params: { limit: MAX_MEMBERS } })
  return roomId
}
