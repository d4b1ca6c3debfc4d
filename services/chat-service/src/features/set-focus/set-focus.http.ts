import { Empty, operation, principalOf, type App } from '@bigtech/http'
import { Type } from 'typebox'
import { chatErrors } from '../../contract/errors.ts'
import { FocusedRoom } from '../../contract/schemas.ts'
import { setFocus, type FocusPorts } from './set-focus.ts'

export function setFocusHttp(app: App, ports: FocusPorts): void {
  app.post(
    '/stream/focus',
    operation({
      id: 'setFocus',
      tag: 'realtime',
      summary: 'Say which room your event stream shows, or that it shows none',
      description:
        'For GET /stream; over WebSocket it is the command `focus`. Forgotten when the stream ends, and 60 s after it was last said.',
      body: Type.Object(
        {
          room_id: FocusedRoom,
          connection_id: Type.String({
            minLength: 1,
            maxLength: 64,
            description: 'of the `hello` of the stream',
            examples: ['0198c2aa-5b7c-7cc0-9a67-3f1b7f3d2a10'],
          }),
        },
        { examples: [{ room_id: 1, connection_id: '0198c2aa-5b7c-7cc0-9a67-3f1b7f3d2a10' }] },
      ),
      response: { 204: Empty },
      errors: [chatErrors.ROOM_NOT_FOUND, chatErrors.NOT_A_MEMBER],
      idempotent: false,
    }),
    async (request, reply) => {
      const { room_id, connection_id } = request.body
      await setFocus(ports, { user_id: principalOf(request).user_id, connection_id }, room_id)
      return reply.code(204).send(null)
    },
  )
}
