import { Empty, operation, type App } from '@bigtech/http'
import { isoTime } from '@bigtech/kernel'
import { Type } from 'typebox'
import { afterChange } from '../../access/after-change.ts'
import { chatErrors } from '../../contract/errors.ts'
import { Id, Nullable, RoomParams, RoomSchema, Time } from '../../contract/schemas.ts'
import { callerOf } from '../manage-rooms/manage-rooms.http.ts'
import type { ManagePorts } from '../manage-rooms/manage-rooms.ts'
import { viewRoom } from '../../views/room.ts'
import { createInvite, joinByInvite, previewInvite, readInvite, revokeInvite } from './invite-link.ts'

const Invite = Type.Object({
  code: Type.String({ examples: ['pXhQ3v9dTzKc'] }),
  path: Type.String({ description: 'POST here to join', examples: ['/chat-rooms/join/pXhQ3v9dTzKc'] }),
  expires_at: Nullable(Time),
})
const viewInvite = ({ code, expires_at }: { code: string; expires_at: number | null }) => ({
  code,
  path: `/chat-rooms/join/${code}`,
  expires_at: expires_at === null ? null : isoTime(expires_at),
})
const CodeParams = Type.Object({ code: Type.String({ maxLength: 64, examples: ['pXhQ3v9dTzKc'] }) })
const GROUP = [chatErrors.ROOM_NOT_FOUND, chatErrors.NOT_A_MEMBER, chatErrors.GROUP_ONLY, chatErrors.ROLE_REQUIRED]

export function inviteLinkHttp(app: App, ports: ManagePorts): void {
  app.post(
    '/chat-rooms/:room_id/invite',
    operation({
      id: 'createInvite',
      tag: 'members',
      summary: 'Make an invite link; the link before stops working',
      params: RoomParams,
      body: Type.Object(
        {
          expires_in: Type.Optional(
            Nullable(Type.Integer({ minimum: 60, maximum: 31_536_000, description: 'seconds; null: never' })),
          ),
        },
        { examples: [{ expires_in: 86_400 }] },
      ),
      response: { 201: Invite },
      errors: [...GROUP, chatErrors.TOO_MANY_LINKS_TODAY],
    }),
    async (request, reply) => {
      const lifetime = request.body.expires_in === undefined ? 7 * 86_400 : request.body.expires_in
      return reply
        .code(201)
        .send(viewInvite(await createInvite(ports, callerOf(request), request.params.room_id, lifetime)))
    },
  )

  app.get(
    '/chat-rooms/:room_id/invite',
    operation({
      id: 'getInvite',
      tag: 'members',
      summary: 'The invite link in force',
      params: RoomParams,
      response: { 200: Invite },
      errors: [...GROUP, chatErrors.INVITE_NOT_FOUND],
    }),
    async (request) => viewInvite(await readInvite(ports, callerOf(request), request.params.room_id)),
  )

  app.delete(
    '/chat-rooms/:room_id/invite',
    operation({
      id: 'revokeInvite',
      tag: 'members',
      summary: 'Withdraw the invite link',
      params: RoomParams,
      response: { 204: Empty },
      errors: GROUP,
    }),
    async (request, reply) => {
      await revokeInvite(ports, callerOf(request), request.params.room_id)
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/chat-rooms/join/:code',
    operation({
      id: 'previewInvite',
      tag: 'members',
      summary: 'What an invite link leads to, without joining',
      params: CodeParams,
      response: {
        200: Type.Object({
          room_id: Id,
          name: Nullable(Type.String({ description: 'null: the group has no name', examples: ['점심 모임'] })),
          member_count: Type.Integer({ examples: [4] }),
          is_member: Type.Boolean(),
        }),
      },
      errors: [chatErrors.INVITE_NOT_FOUND],
    }),
    async (request) => previewInvite(ports, callerOf(request), request.params.code),
  )

  app.post(
    '/chat-rooms/join/:code',
    operation({
      id: 'joinByInvite',
      tag: 'members',
      summary: 'Join the group of an invite link',
      params: CodeParams,
      response: { 200: RoomSchema },
      errors: [
        chatErrors.INVITE_NOT_FOUND,
        chatErrors.ROOM_FULL,
        chatErrors.TOO_MANY_ROOMS,
        chatErrors.REMOVED_FROM_ROOM,
      ],
    }),
    async (request) => {
      const caller = callerOf(request)
      const roomId = await joinByInvite(ports, caller, request.params.code)
      return afterChange(() => viewRoom(ports, roomId, caller.user_id))
    },
  )
}
