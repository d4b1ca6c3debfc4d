import { Empty, operation, principalOf, type App } from '@bigtech/http'
import { Type } from 'typebox'
import type { PresenceTracker } from './track-presence.ts'

export type TrackPresenceRoutePorts = Readonly<{ presenceTracker: PresenceTracker }>

export function trackPresenceHttp(app: App, ports: TrackPresenceRoutePorts): void {
  const shared = { tag: 'presence', idempotent: false } as const
  app.post(
    '/presence/heartbeat',
    operation({
      ...shared,
      id: 'heartbeat',
      summary: 'Stay online for another 60 seconds; send it about every 30',
      response: {
        200: Type.Object({
          online: Type.Boolean({ description: 'false where presence is switched off', examples: [true] }),
          expires_in: Type.Integer({ description: 'seconds', examples: [60] }),
        }),
      },
    }),
    (request) => ports.presenceTracker.heartbeat(principalOf(request).user_id),
  )
  app.post(
    '/presence/offline',
    operation({ ...shared, id: 'goOffline', summary: 'Go offline at once', response: { 204: Empty } }),
    async (request, reply) => {
      await ports.presenceTracker.offline(principalOf(request).user_id)
      return reply.code(204).send(null)
    },
  )
}
