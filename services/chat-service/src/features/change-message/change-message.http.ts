import { Empty, operation, principalOf, type App } from '@bigtech/http'
import { currentTraceparent } from '@bigtech/telemetry'
import type { FastifyRequest } from 'fastify'
import { chatErrors } from '../../contract/errors.ts'
import { EditBody, MessageParams, MessageSchema, ReactionParams } from '../../contract/schemas.ts'
import type { MessageChange } from '../../domain/message.ts'
import { viewMessage } from '../../domain/view.ts'
import { mentionErrors } from '../mention-members/mention-members.ts'
import { changeMessage, type ChangePorts } from './change-message.ts'

const ERRORS = [
  chatErrors.ROOM_NOT_FOUND,
  chatErrors.NOT_A_MEMBER,
  chatErrors.MESSAGE_NOT_FOUND,
  chatErrors.MESSAGE_DELETED,
  chatErrors.SYSTEM_MESSAGE,
]

export function changeMessageHttp(app: App, ports: ChangePorts): void {
  const run = async (
    request: FastifyRequest,
    params: { room_id: number; message_id: string },
    change: MessageChange,
  ) => {
    const command = { ...params, user_id: principalOf(request).user_id, change, traceparent: currentTraceparent() }
    const { row, unread_count } = await changeMessage(ports, command)
    return viewMessage(row, unread_count)
  }

  app.patch(
    '/messages/:room_id/:message_id',
    operation({
      id: 'editMessage',
      tag: 'messages',
      summary: 'Edit the text of one of your messages',
      params: MessageParams,
      body: EditBody,
      response: { 200: MessageSchema },
      errors: [
        ...ERRORS,
        chatErrors.NOT_YOUR_MESSAGE,
        chatErrors.NOT_EDITABLE,
        chatErrors.CONTENT_REQUIRED,
        chatErrors.BLOCKED,
        ...mentionErrors,
      ],
    }),
    (request) => run(request, request.params, { kind: 'edit', ...request.body }),
  )

  app.delete(
    '/messages/:room_id/:message_id',
    operation({
      id: 'deleteMessage',
      tag: 'messages',
      summary: 'Delete a message for everyone (its place in the room stays); admins may delete any message of a group',
      params: MessageParams,
      response: { 204: Empty },
      errors: [...ERRORS, chatErrors.NOT_YOUR_MESSAGE],
    }),
    async (request, reply) => {
      await run(request, request.params, { kind: 'delete' })
      return reply.code(204).send(null)
    },
  )

  app.put(
    '/messages/:room_id/:message_id/reactions/:emoji',
    operation({
      id: 'addReaction',
      tag: 'messages',
      summary: 'React to a message; repeating changes nothing',
      params: ReactionParams,
      response: { 200: MessageSchema },
      errors: [...ERRORS, chatErrors.NOT_AN_EMOJI, chatErrors.TOO_MANY_REACTIONS, chatErrors.BLOCKED],
    }),
    (request) => run(request, request.params, { kind: 'react', emoji: request.params.emoji }),
  )

  app.delete(
    '/messages/:room_id/:message_id/reactions/:emoji',
    operation({
      id: 'removeReaction',
      tag: 'messages',
      summary: 'Take your reaction back',
      params: ReactionParams,
      response: { 200: MessageSchema },
      errors: ERRORS,
    }),
    (request) => run(request, request.params, { kind: 'unreact', emoji: request.params.emoji }),
  )

  app.put(
    '/messages/:room_id/:message_id/pin',
    operation({
      id: 'pinMessage',
      tag: 'messages',
      summary: 'Pin a message',
      params: MessageParams,
      response: { 200: MessageSchema },
      errors: [...ERRORS, chatErrors.TOO_MANY_PINS, chatErrors.BLOCKED],
    }),
    (request) => run(request, request.params, { kind: 'pin' }),
  )

  app.delete(
    '/messages/:room_id/:message_id/pin',
    operation({
      id: 'unpinMessage',
      tag: 'messages',
      summary: 'Unpin a message',
      params: MessageParams,
      response: { 200: MessageSchema },
      errors: ERRORS,
    }),
    (request) => run(request, request.params, { kind: 'unpin' }),
  )
}
