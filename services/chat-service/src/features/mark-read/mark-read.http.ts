import { operation, principalOf, type App } from '@bigtech/http'
import { currentTraceparent } from '@bigtech/telemetry'
import { Type } from 'typebox'
import { chatErrors } from '../../contract/errors.ts'
import { RoomParams, Seq } from '../../contract/schemas.ts'
import { markRead, type MarkReadPorts } from './mark-read.ts'

export function markReadHttp(app: App, ports: MarkReadPorts): void {
  app.post(
    '/chat-rooms/:room_id/read',
    operation({
      id: 'markRead',
      tag: 'rooms',
      summary: 'You have read up to this message; smaller numbers change nothing',
      params: RoomParams,
      body: Type.Object({ seq: Seq }, { examples: [{ seq: 42 }] }),
      response: {
        200: Type.Object(
          { room_id: Type.Integer(), read_seq: Seq, unread_count: Type.Integer() },
          { examples: [{ room_id: 1, read_seq: 42, unread_count: 0 }] },
        ),
      },
      errors: [chatErrors.ROOM_NOT_FOUND, chatErrors.NOT_A_MEMBER],
    }),
    (request) =>
      markRead(ports, {
        room_id: request.params.room_id,
        seq: request.body.seq,
        user_id: principalOf(request).user_id,
        traceparent: currentTraceparent(),
      }),
  )
}
