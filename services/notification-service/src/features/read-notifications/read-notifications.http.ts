import { operation, principalOf, type App } from '@bigtech/http'
import { Type } from 'typebox'
import { tellOfChange, type FramePorts } from '../../access/inbox-frames.ts'
import { Id, UnreadCount } from '../../contract/schemas.ts'

export function readNotificationsHttp(app: App, ports: FramePorts): void {
  app.post(
    '/notifications/read',
    operation({
      id: 'readNotifications',
      tag: 'notifications',
      summary: 'Mark notifications as read: some by their ids (those of others are passed over), or all',
      body: Type.Union([
        Type.Object(
          { ids: Type.Array(Id, { minItems: 1, maxItems: 200, examples: [[1, 2]] }) },
          { additionalProperties: false },
        ),
        Type.Object({ all: Type.Literal(true) }, { additionalProperties: false }),
      ]),
      response: { 200: Type.Object({ unread_count: UnreadCount }) },
    }),
    async (request) => {
      const { user_id } = principalOf(request)
      const now = ports.clock.now()
      const which = 'ids' in request.body ? request.body.ids : 'all'
      if (await ports.notes.read({ user_id, which, now })) await tellOfChange(ports, [user_id])
      return { unread_count: await ports.notes.unread(user_id, now) }
    },
  )
}
