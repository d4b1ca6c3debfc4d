import { operation, PageOf, principalOf, readCursor, type App } from '@bigtech/http'
import { toPage } from '@bigtech/kernel'
import { Type } from 'typebox'
import { RoomSchema } from '../../contract/schemas.ts'
import { viewRoomList, type RoomViewPorts } from '../../views/room.ts'

export function listRoomsHttp(app: App, ports: RoomViewPorts): void {
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
      const entries = await ports.rooms.list({
        user_id: principalOf(request).user_id,
        before: readCursor(cursor, ['number', 'number']),
        limit: limit + 1,
      })
      const page = toPage(entries, limit, (entry) => [entry.last_activity_at, entry.room.id])
      // The serializer made of the schema checks each last message against its union: of 1,000 rooms that costs 3 ms.
      return reply
        .type('application/json; charset=utf-8')
        .serializer(JSON.stringify)
        .send({ items: await viewRoomList(ports, page.items), next_cursor: page.next_cursor })
    },
  )
}
