import { chatErrors } from '../../contract/errors.ts'
import type { Invitation, Profile } from '../../ports.ts'
import { viewerNames } from '../../views/room-name.ts'
import type { Caller, ManagePorts } from '../manage-rooms/manage-rooms.ts'

/** Who went out of a group is asked before they are members again: here they see it, and say yes or no. */
export async function listInvitations(
  ports: ManagePorts,
  userId: number,
): Promise<(Invitation & { name: string; inviter: Profile | undefined })[]> {
  const invitations = await ports.rooms.invitations(userId)
  const profiles = await ports.people.profiles(invitations.map(({ invited_by }) => invited_by))
  const unnamed = invitations.filter(({ name }) => name === null).map(({ room_id }) => room_id)
  // Who was a member has known the members.
  const names = await viewerNames(ports, userId, unnamed)
  return invitations.map((invitation) => ({
    ...invitation,
    name: invitation.name ?? names.get(invitation.room_id)!.name,
    inviter: profiles.get(invitation.invited_by),
  }))
}

/** @throws INVITATION_NOT_FOUND, ROOM_FULL, TOO_MANY_ROOMS */
export async function acceptInvitation(ports: ManagePorts, caller: Caller, roomId: number): Promise<void> {
  const { members, rooms } = ports.limits
  const outcome = (await ports.rooms.find(roomId, caller.user_id))
    ? await ports.rooms.acceptInvitation({
        actor: caller.user_id,
        now: ports.clock.now(),
        traceparent: caller.traceparent,
        room_id: roomId,
        limit: members,
        rooms_limit: rooms,
      })
    : 'not_invited'
  if (outcome === 'not_invited') throw chatErrors.INVITATION_NOT_FOUND()
  if (outcome === 'full') throw chatErrors.ROOM_FULL({ params: { limit: members } })
  if (outcome === 'too_many_rooms') throw chatErrors.TOO_MANY_ROOMS({ params: { limit: rooms } })
  tell(ports, caller.user_id, roomId, 'accepted')
}

/** @throws INVITATION_NOT_FOUND */
export async function declineInvitation(ports: ManagePorts, caller: Caller, roomId: number): Promise<void> {
  const command = { room_id: roomId, user_id: caller.user_id, now: ports.clock.now() }
  if (!(await ports.rooms.declineInvitation(command))) throw chatErrors.INVITATION_NOT_FOUND()
  tell(ports, caller.user_id, roomId, 'declined')
}

/** One's other windows fetch the list anew. Who asked learns of an acceptance by its system message, of a refusal nothing. */
export const tell = (
  { frames }: Pick<ManagePorts, 'frames'>,
  userId: number,
  room_id: number,
  event: 'sent' | 'accepted' | 'declined',
): void => frames.toUser(userId, { type: 'invitation', event, room_id })
