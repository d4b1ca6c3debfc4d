import { Empty, operation, PageOf, PageQuery, principalOf, readCursor, type App } from '@bigtech/http'
import { toPage } from '@bigtech/kernel'
import { dependencyErrors } from '@bigtech/resilience'
import { Type } from 'typebox'
import { afterChange } from '../../access/after-change.ts'
import { chatErrors } from '../../contract/errors.ts'
import { Id, MemberSchema, RoleSchema, RoomParams, RoomWithInvitedSchema } from '../../contract/schemas.ts'
import { MAX_ADDED_AT_ONCE } from '../../domain/room.ts'
import { readAsMember } from '../../access/access.ts'
import { callerOf } from '../manage-rooms/manage-rooms.http.ts'
import { leaveRoom, type ManagePorts } from '../manage-rooms/manage-rooms.ts'
import { viewMember, viewRoom } from '../../views/room.ts'
import { addMembers, removeMember, setRole } from './manage-members.ts'

const MemberParams = Type.Object({ room_id: Id, user_id: Id })
const ROOM = [chatErrors.ROOM_NOT_FOUND, chatErrors.NOT_A_MEMBER]
const GROUP = [...ROOM, chatErrors.GROUP_ONLY, chatErrors.ROLE_REQUIRED, chatErrors.USER_NOT_FOUND]

export function manageMembersHttp(app: App, ports: ManagePorts): void {
  app.get(
    '/chat-rooms/:room_id/members',
    operation({
      id: 'listMembers',
      tag: 'members',
      summary: 'Members of a room, by user id, with role and what they have read',
      params: RoomParams,
      querystring: Type.Object({
        ...PageQuery.properties,
        limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
      }),
      response: { 200: PageOf(MemberSchema) },
      errors: ROOM,
    }),
    async (request) => {
      const { cursor, limit } = request.query
      const { room_id } = request.params
      const { user_id } = principalOf(request)
      const [after_user_id] = readCursor(cursor, ['number']) ?? [0]
      const rows = await readAsMember(ports.rooms, { room_id, user_id }, () =>
        ports.rooms.memberPage({ room_id, after_user_id, limit: limit + 1 }),
      )
      const page = toPage(rows, limit, (member) => [member.user_id])
      const profiles = await ports.people.profiles(page.items.map((member) => member.user_id))
      return { ...page, items: page.items.map((member) => viewMember(member, profiles.get(member.user_id))) }
    },
  )

  app.post(
    '/chat-rooms/:room_id/members',
    operation({
      id: 'addMembers',
      tag: 'members',
      summary: 'Add people to a group; members already in it are left as they are',
      description:
        'Who left or was removed is not added but gets an invitation (`GET /chat-rooms/invitations`), and is in `invited`. Who declined one in the last 30 days is neither.',
      params: RoomParams,
      body: Type.Object(
        { user_ids: Type.Array(Id, { minItems: 1, maxItems: MAX_ADDED_AT_ONCE }) },
        { examples: [{ user_ids: [4, 5] }] },
      ),
      response: { 200: RoomWithInvitedSchema },
      errors: [
        ...GROUP,
        chatErrors.BLOCKED,
        chatErrors.ROOM_FULL,
        chatErrors.MEMBER_IN_TOO_MANY_ROOMS,
        chatErrors.REMOVED_BY_ADMIN,
        dependencyErrors.DEPENDENCY_UNAVAILABLE,
      ],
    }),
    async (request) => {
      const caller = callerOf(request)
      const invited = await addMembers(ports, caller, request.params.room_id, request.body.user_ids)
      const room = await afterChange(() => viewRoom(ports, request.params.room_id, caller.user_id))
      return { ...room, invited: [...invited] }
    },
  )

  app.delete(
    '/chat-rooms/:room_id/members/me',
    operation({
      id: 'leaveRoomAsMember',
      tag: 'members',
      summary: 'Leave a group (same as POST …/leave)',
      params: RoomParams,
      response: { 204: Empty },
      errors: ROOM,
    }),
    async (request, reply) => {
      await leaveRoom(ports, callerOf(request), request.params.room_id)
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/chat-rooms/:room_id/members/:user_id',
    operation({
      id: 'removeMember',
      tag: 'members',
      summary: 'Remove somebody with a lower role from a group',
      params: MemberParams,
      response: { 204: Empty },
      errors: GROUP,
    }),
    async (request, reply) => {
      await removeMember(ports, callerOf(request), request.params.room_id, request.params.user_id)
      return reply.code(204).send(null)
    },
  )

  app.put(
    '/chat-rooms/:room_id/members/:user_id/role',
    operation({
      id: 'setRole',
      tag: 'members',
      summary: 'Give a member another role (owner only); a new owner takes your place',
      params: MemberParams,
      body: Type.Object({ role: RoleSchema }, { examples: [{ role: 'admin' }] }),
      response: { 204: Empty },
      errors: GROUP,
    }),
    async (request, reply) => {
      const { room_id, user_id } = request.params
      await setRole(ports, callerOf(request), room_id, user_id, request.body.role)
      return reply.code(204).send(null)
    },
  )
}
