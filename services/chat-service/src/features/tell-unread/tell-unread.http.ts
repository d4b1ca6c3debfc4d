import { operation, type App } from '@bigtech/http'
import { Type } from 'typebox'
import { UnreadRoomsSchema } from '../../contract/unread.ts'
import { Id } from '../../contract/schemas.ts'
import type { RoomViewPorts } from '../../views/room.ts'
import { tellUnread } from './tell-unread.ts'

/** For the service that writes to people who were away. */
export function tellUnreadHttp(app: App, ports: RoomViewPorts): void {
  app.get(
    '/internal/users/:user_id/unread',
    operation({
      id: 'unreadRooms',
      tag: 'internal',
      access: 'public',
      summary: 'Where somebody has not read everything',
      params: Type.Object({ user_id: Id }),
      response: { 200: UnreadRoomsSchema },
    }),
    ({ params }) => tellUnread(ports, params.user_id),
  )
}
