import { Empty, operation, principalOf, type App } from '@bigtech/http'
import { dependencyErrors } from '@bigtech/resilience'
import { currentTraceparent } from '@bigtech/telemetry'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { afterChange } from '../../access/after-change.ts'
import { chatErrors } from '../../contract/errors.ts'
import { GroupName, Id, MemberSchema, NOTIFY, Nullable, RoomParams, RoomSchema } from '../../contract/schemas.ts'
import { MAX_ADDED_AT_ONCE } from '../../domain/room.ts'
import { readAsMember } from '../../access/access.ts'
import { viewMember, viewRoom } from '../../views/room.ts'
import {
  createGroup,
  heirOf,
  leaveRoom,
  openDirect,
  renameRoom,
  setMuted,
  setSettings,
  type Caller,
  type ManagePorts,
} from './manage-rooms.ts'

const CreateBody = Type.Object(
  {
    type: Type.Enum(['direct', 'group']),
    user_id: Type.Optional(Id),
    name: Type.Optional(GroupName),
    member_ids: Type.Optional(Type.Array(Id, { maxItems: MAX_ADDED_AT_ONCE })),
  },
  {
    description:
      'A direct room needs `user_id`. A group may go without `name`: then each member sees the names of the others.',
    examples: [
      { type: 'direct', user_id: 2 },
      { type: 'group', name: '점심 모임', member_ids: [2, 3] },
    ],
    if: { properties: { type: { const: 'direct' } } },
    // oxlint-disable-next-line unicorn/no-thenable -- the JSON Schema keyword
    then: { required: ['user_id'] },
  },
)

const Notify = Type.Enum([...NOTIFY], {
  examples: ['mentions'],
  'x-error': {
    ko: 'all(모든 메시지), mentions(나를 부르거나 내게 답한 메시지), none(알리지 않음) 중 하나여야 합니다',
    en: 'must be all (every message), mentions (those that mention or answer you) or none',
  },
})
const untilText = {
  ko: '2026-01-27T10:00:00Z 같은 지금 이후의 시각(ISO 8601)이나 null이어야 합니다',
  en: 'must be a time to come in ISO 8601, as 2026-01-27T10:00:00Z, or null',
}
const Until = Type.Union([Type.String({ format: 'date-time', 'x-error': untilText }), Type.Null()], {
  examples: [null],
})

const ROOM = [chatErrors.ROOM_NOT_FOUND, chatErrors.NOT_A_MEMBER]

export function manageRoomsHttp(app: App, ports: ManagePorts): void {
  app.post(
    '/chat-rooms',
    operation({
      id: 'createRoom',
      tag: 'rooms',
      summary: 'Open the direct room with somebody (200 if it exists), or create a group (201)',
      body: CreateBody,
      response: { 200: RoomSchema, 201: RoomSchema },
      errors: [
        chatErrors.DIRECT_WITH_SELF,
        chatErrors.USER_NOT_FOUND,
        chatErrors.BLOCKED,
        chatErrors.NAME_NOT_PLAIN,
        chatErrors.ROOM_FULL,
        chatErrors.TOO_MANY_ROOMS,
        chatErrors.MEMBER_IN_TOO_MANY_ROOMS,
        chatErrors.TOO_MANY_GROUPS_TODAY,
        dependencyErrors.DEPENDENCY_UNAVAILABLE,
      ],
    }),
    async (request, reply) => {
      const caller = callerOf(request)
      const { type, user_id, name = '', member_ids = [] } = request.body
      const { room_id, created } =
        type === 'direct'
          ? await openDirect(ports, caller, user_id!)
          : { ...(await createGroup(ports, caller, { name, member_ids })), created: true }
      const room = await afterChange(() => viewRoom(ports, room_id, caller.user_id))
      return reply.code(created ? 201 : 200).send(room)
    },
  )

  app.get(
    '/chat-rooms/:room_id',
    operation({
      id: 'getRoom',
      tag: 'rooms',
      summary: 'One of your rooms',
      params: RoomParams,
      response: { 200: RoomSchema },
      errors: ROOM,
    }),
    async (request) => {
      const { user_id } = principalOf(request)
      const { room_id } = request.params
      return readAsMember(ports.rooms, { room_id, user_id }, () => viewRoom(ports, room_id, user_id))
    },
  )

  app.patch(
    '/chat-rooms/:room_id',
    operation({
      id: 'updateRoom',
      tag: 'rooms',
      summary: 'Rename a group (admins; an empty name takes it away), mute or unmute a room for yourself',
      params: RoomParams,
      body: Type.Object(
        { name: Type.Optional(GroupName), muted: Type.Optional(Type.Boolean()) },
        { minProperties: 1, examples: [{ name: '저녁 모임' }, { muted: true }] },
      ),
      response: { 200: RoomSchema },
      errors: [...ROOM, chatErrors.GROUP_ONLY, chatErrors.ROLE_REQUIRED, chatErrors.NAME_NOT_PLAIN],
    }),
    async (request) => {
      const caller = callerOf(request)
      const { room_id } = request.params
      const { name, muted } = request.body
      const { user_id } = caller
      const mute = () => setMuted(ports, caller, room_id, muted!)
      if (name !== undefined) await renameRoom(ports, caller, room_id, name)
      if (muted !== undefined) await (name === undefined ? mute() : afterChange(mute))
      return afterChange(() => readAsMember(ports.rooms, { room_id, user_id }, () => viewRoom(ports, room_id, user_id)))
    },
  )

  for (const muted of [true, false]) {
    app.route({
      method: muted ? 'PUT' : 'DELETE',
      url: '/chat-rooms/:room_id/mute',
      ...operation({
        id: muted ? 'muteRoom' : 'unmuteRoom',
        tag: 'rooms',
        summary: muted ? 'Mute a room for yourself' : 'Unmute a room',
        params: RoomParams,
        response: { 204: Empty },
        errors: ROOM,
      }),
      async handler(request, reply) {
        await setMuted(ports, callerOf(request), request.params.room_id, muted)
        return reply.code(204).send(null)
      },
    })
  }

  app.put(
    '/chat-rooms/:room_id/settings',
    operation({
      id: 'setRoomSettings',
      tag: 'rooms',
      summary: 'What you are told of a room, on all your devices',
      description:
        '`notify`: `all` messages, `mentions` (those that mention or answer you), or `none` until you take it back, which is what mute does. ' +
        '`muted_until`: nothing is told before that time, whatever `notify` says; `null`: no such time.',
      params: RoomParams,
      body: Type.Object(
        { notify: Notify, muted_until: Until },
        { additionalProperties: false, examples: [{ notify: 'mentions', muted_until: null }] },
      ),
      response: { 200: RoomSchema },
      errors: [...ROOM, chatErrors.MUTED_UNTIL_PAST],
    }),
    async (request) => {
      const caller = callerOf(request)
      const { user_id } = caller
      const { room_id } = request.params
      const { notify, muted_until } = request.body
      await setSettings(ports, caller, room_id, {
        notify,
        muted_until: muted_until === null ? null : Date.parse(muted_until),
      })
      return afterChange(() => readAsMember(ports.rooms, { room_id, user_id }, () => viewRoom(ports, room_id, user_id)))
    },
  )

  app.get(
    '/chat-rooms/:room_id/leave',
    operation({
      id: 'previewLeave',
      tag: 'rooms',
      summary: 'What leaving would do: who owns the group after you',
      params: RoomParams,
      response: {
        200: Type.Object({
          new_owner: Nullable(MemberSchema, {
            description:
              'null unless you own the group and somebody stays. Who stays longest of the admins, else of all',
          }),
        }),
      },
      errors: ROOM,
    }),
    async (request) => {
      const heir = await heirOf(ports, callerOf(request), request.params.room_id)
      if (!heir) return { new_owner: null }
      const profiles = await ports.people.profiles([heir.user_id])
      return { new_owner: viewMember(heir, profiles.get(heir.user_id)) }
    },
  )

  app.post(
    '/chat-rooms/:room_id/leave',
    operation({
      id: 'leaveRoom',
      tag: 'rooms',
      summary: 'Leave a group; clear a direct room until the next message',
      params: RoomParams,
      response: { 204: Empty },
      errors: ROOM,
    }),
    async (request, reply) => {
      await leaveRoom(ports, callerOf(request), request.params.room_id)
      return reply.code(204).send(null)
    },
  )
}

export const callerOf = (request: FastifyRequest): Caller => ({
  user_id: principalOf(request).user_id,
  authorization: request.headers.authorization ?? '',
  traceparent: currentTraceparent(),
})
