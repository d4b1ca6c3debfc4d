import { operation, type App } from '@bigtech/http'
import type { Clock } from '@bigtech/kernel'
import { Type } from 'typebox'
import { UnreadRoomsSchema } from '../../contract/unread.ts'
import { Id } from '../../contract/schemas.ts'
import type { RoomViewPorts } from '../../views/room.ts'
import { tellUnread } from './tell-unread.ts'

/** For the service that writes to people who were away. */
export function tellUnreadHttp(app: App, ports: RoomViewPorts & { clock: Clock }): void {
  app.get(
    '/internal/users/:user_id/unread',
    operation({
      id: 'unreadRooms',
      tag: 'internal',
      access: 'public',
      summary: 'Where something came since then that somebody has not read',
      params: Type.Object({ user_id: Id }),
      querystring: Type.Object({ since: Type.Integer({ minimum: 0, description: 'ms since the epoch' }) }),
      response: { 200: UnreadRoomsSchema },
    }),
    ({ params, query }) => tellUnread(ports, params.user_id, query.since),
  )
}
