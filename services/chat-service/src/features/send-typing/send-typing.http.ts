import { Empty, operation, principalOf, type App } from '@bigtech/http'
import { Type } from 'typebox'
import { chatErrors } from '../../contract/errors.ts'
import { RoomParams } from '../../contract/schemas.ts'
import { sendTyping, type TypingPorts } from './send-typing.ts'

export function sendTypingHttp(app: App, ports: TypingPorts): void {
  app.post(
    '/chat-rooms/:room_id/typing',
    operation({
      id: 'typing',
      tag: 'realtime',
      summary: 'Tell the room that you are typing, or have stopped; shown for about 5 seconds',
      params: RoomParams,
      body: Type.Object({ typing: Type.Boolean({ default: true }) }, { default: {}, examples: [{ typing: true }] }),
      response: { 204: Empty },
      idempotent: false,
      errors: [chatErrors.ROOM_NOT_FOUND, chatErrors.NOT_A_MEMBER],
    }),
    async (request, reply) => {
      const { user_id } = principalOf(request)
      const { room_id } = request.params
      await sendTyping(ports, { room_id, user_id, typing: request.body.typing })
      return reply.code(204).send(null)
    },
  )
}
