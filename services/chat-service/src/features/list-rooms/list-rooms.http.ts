import { operation, PageOf, principalOf, readCursor, type App } from '@bigtech/http'
import { Type } from 'typebox'
import { RoomSchema } from '../../contract/schemas.ts'
import type { RoomViewPorts } from '../../views/room.ts'
import { createListRooms } from './list-rooms.ts'

export function listRoomsHttp(app: App, ports: RoomViewPorts): void {
  const listRooms = createListRooms(ports)
  app.get(
    '/chat-rooms',
    operation({
      id: 'listRooms',
      tag: 'rooms',
      summary: 'Your rooms, newest activity first, with last message and unread count',
      description:
        'Groups show `member_count`; `members` is filled for direct rooms (GET /chat-rooms/{id} has those of groups).',
      querystring: Type.Object({
        cursor: Type.Optional(Type.String({ maxLength: 500 })),
        limit: Type.Integer({ minimum: 1, maximum: 1000, default: 50 }),
      }),
      response: { 200: PageOf(RoomSchema) },
    }),
    async (request, reply) => {
      const { cursor, limit } = request.query
      const page = await listRooms({
        user_id: principalOf(request).user_id,
        before: readCursor(cursor, ['number', 'number']),
        limit,
      })
      // Bytes are sent as they are: RoomSchema is for the documents, and views are typed by it.
      return reply.type('application/json; charset=utf-8').send(page as never)
    },
  )
}
