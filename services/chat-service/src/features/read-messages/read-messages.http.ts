import { operation, PageOf, principalOf, type App } from '@bigtech/http'
import { Type } from 'typebox'
import { chatErrors } from '../../contract/errors.ts'
import { MessageParams, MessageSchema, RoomParams, Seq } from '../../contract/schemas.ts'
import { readChanges, readHistory, readPins, readReaders, type ReadPorts } from './read-messages.ts'

const Place = Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }))
const ERRORS = [chatErrors.ROOM_NOT_FOUND, chatErrors.NOT_A_MEMBER]
const Reader = Type.Object({ user_id: Type.Integer(), display_name: Type.String({ examples: ['이서연'] }) })

export function readMessagesHttp(app: App, ports: ReadPorts): void {
  app.get(
    '/messages/:room_id',
    operation({
      id: 'listMessages',
      tag: 'messages',
      summary: 'A page of a room, in ascending seq; the newest one without parameters',
      params: RoomParams,
      querystring: Type.Object({
        before_seq: Place,
        after_seq: Place,
        around_seq: Place,
        limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
      }),
      response: {
        200: Type.Object({
          items: Type.Array(MessageSchema),
          has_before: Type.Boolean(),
          has_after: Type.Boolean(),
          last_seq: Seq,
          rev: Seq,
          read_seq: Seq,
          join_seq: Seq,
        }),
      },
      errors: ERRORS,
    }),
    (request) => readHistory(ports, { ...request.query, ...request.params, user_id: principalOf(request).user_id }),
  )

  app.get(
    '/messages/:room_id/changes',
    operation({
      id: 'listChanges',
      tag: 'messages',
      summary: 'Messages changed after a revision, deletions included, to close a gap',
      params: RoomParams,
      querystring: Type.Object({
        since_rev: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
        limit: Type.Integer({ minimum: 1, maximum: 500, default: 200 }),
      }),
      response: {
        200: Type.Object({
          room_id: Type.Integer(),
          from_rev: Seq,
          to_rev: Seq,
          has_more: Type.Boolean(),
          messages: Type.Array(MessageSchema),
          reads: Type.Array(Type.Object({ user_id: Type.Integer(), read_seq: Seq })),
        }),
      },
      errors: ERRORS,
    }),
    (request) => readChanges(ports, { ...request.query, ...request.params, user_id: principalOf(request).user_id }),
  )

  app.get(
    '/messages/:room_id/pins',
    operation({
      id: 'listPins',
      tag: 'messages',
      summary: 'Pinned messages, newest pin first',
      params: RoomParams,
      response: { 200: PageOf(MessageSchema) },
      errors: ERRORS,
    }),
    (request) => readPins(ports, { ...request.params, user_id: principalOf(request).user_id }),
  )

  app.get(
    '/messages/:room_id/:message_id/readers',
    operation({
      id: 'listReaders',
      tag: 'messages',
      summary: 'Who has read a message, and who has not',
      params: MessageParams,
      response: {
        200: Type.Object({
          message_id: Type.String({ examples: ['msg_1_42'] }),
          readers: Type.Array(Reader),
          unread: Type.Array(Reader),
        }),
      },
      errors: [...ERRORS, chatErrors.MESSAGE_NOT_FOUND],
    }),
    (request) => readReaders(ports, { ...request.params, user_id: principalOf(request).user_id }),
  )
}
