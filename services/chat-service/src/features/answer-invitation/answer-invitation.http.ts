import { Empty, operation, principalOf, type App } from '@bigtech/http'
import { isoTime } from '@bigtech/kernel'
import { Type } from 'typebox'
import { chatErrors } from '../../contract/errors.ts'
import { InvitationSchema, RoomParams, RoomSchema } from '../../contract/schemas.ts'
import { viewRoom } from '../../views/room.ts'
import { callerOf } from '../manage-rooms/manage-rooms.http.ts'
import type { ManagePorts } from '../manage-rooms/manage-rooms.ts'
import { acceptInvitation, declineInvitation, listInvitations } from './answer-invitation.ts'

export function answerInvitationHttp(app: App, ports: ManagePorts): void {
  app.get(
    '/chat-rooms/invitations',
    operation({
      id: 'listInvitations',
      tag: 'members',
      summary: 'Groups you left or were removed from, and are asked back to; newest first',
      response: { 200: Type.Object({ items: Type.Array(InvitationSchema) }) },
    }),
    async (request) => ({
      items: (await listInvitations(ports, principalOf(request).user_id)).map((invitation) => ({
        room_id: invitation.room_id,
        name: invitation.name,
        member_count: invitation.member_count,
        invited_by: {
          user_id: invitation.invited_by,
          display_name: invitation.inviter?.display_name ?? '',
          profile_image_url: invitation.inviter?.profile_image_url ?? null,
        },
        created_at: isoTime(invitation.created_at),
      })),
    }),
  )

  app.post(
    '/chat-rooms/invitations/:room_id/accept',
    operation({
      id: 'acceptInvitation',
      tag: 'members',
      summary: 'Come back to a group; repeating changes nothing',
      params: RoomParams,
      response: { 200: RoomSchema },
      errors: [chatErrors.INVITATION_NOT_FOUND, chatErrors.ROOM_FULL, chatErrors.TOO_MANY_ROOMS],
    }),
    async (request) => {
      const caller = callerOf(request)
      await acceptInvitation(ports, caller, request.params.room_id)
      return viewRoom(ports, request.params.room_id, caller.user_id)
    },
  )

  app.post(
    '/chat-rooms/invitations/:room_id/decline',
    operation({
      id: 'declineInvitation',
      tag: 'members',
      summary: 'Stay out of a group; who asked is not told, and for 30 days nobody of the group can ask again',
      params: RoomParams,
      response: { 204: Empty },
      errors: [chatErrors.INVITATION_NOT_FOUND],
    }),
    async (request, reply) => {
      await declineInvitation(ports, callerOf(request), request.params.room_id)
      return reply.code(204).send(null)
    },
  )
}
