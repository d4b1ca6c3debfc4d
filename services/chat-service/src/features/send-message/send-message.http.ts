import { createHash } from 'node:crypto'
import { operation, principalOf, type App } from '@bigtech/http'
import { currentTraceparent } from '@bigtech/telemetry'
import { chatErrors } from '../../contract/errors.ts'
import { mentionErrors } from '../mention-members/mention-members.ts'
import { MessageSchema, RoomParams, SendBody, type SendBodyType } from '../../contract/schemas.ts'
import { viewMessage } from '../../domain/view.ts'
import { prepareSend, type SendCommand, type SendPorts } from './send-message.ts'

export function sendMessageHttp(app: App, ports: SendPorts): void {
  app.post(
    '/messages/:room_id',
    operation({
      id: 'sendMessage',
      tag: 'messages',
      summary: 'Send a message',
      description:
        'Answered after the message is on disk. A repeat with the same `client_message_id` (or `Idempotency-Key`) returns the first message.',
      params: RoomParams,
      body: SendBody,
      response: { 201: MessageSchema },
      idempotent: false,
      errors: [
        chatErrors.NOT_A_MEMBER,
        chatErrors.ROOM_NOT_FOUND,
        chatErrors.BLOCKED,
        chatErrors.PARTNER_GONE,
        chatErrors.CONTENT_REQUIRED,
        chatErrors.REPLY_NOT_FOUND,
        chatErrors.FILE_REQUIRED,
        chatErrors.FILE_NOT_FOUND,
        chatErrors.FILE_WRONG_TYPE,
        chatErrors.CLIENT_MESSAGE_ID_REUSED,
        ...mentionErrors,
      ],
    }),
    async (request, reply) => {
      const key = request.headers['idempotency-key']
      const clientId = request.body.client_message_id ?? (typeof key === 'string' && key !== '' ? idOfKey(key) : null)
      const send = await prepareSend(
        ports,
        sendCommand(
          { ...request.body, client_message_id: clientId },
          request.params.room_id,
          principalOf(request).user_id,
        ),
      )
      const { row, unread_count } = await send()
      return reply.code(201).send(viewMessage(row, unread_count))
    },
  )
}

const LONGEST_ID = 128

/** Of two keys never the same, however long they are. */
function idOfKey(key: string): string {
  const id = `key:${key}`
  return id.length <= LONGEST_ID ? id : `key:${createHash('sha256').update(key).digest('base64url')}`
}

/** The command a decoded body (of either door) asks for. */
export function sendCommand(body: SendBodyType, roomId: number, userId: number): SendCommand {
  return {
    user_id: userId,
    room_id: roomId,
    content: body.content ?? '',
    message_type: body.message_type ?? 'text',
    reply_to: body.reply_to ?? null,
    file_id: body.file_id ?? null,
    mentions: body.mentions,
    client_message_id: body.client_message_id ?? null,
    traceparent: currentTraceparent(),
  }
}
