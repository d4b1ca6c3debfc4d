import { Empty, operation, type App } from '@bigtech/http'
import { Type } from 'typebox'
import type { PresenceTracker } from './track-presence.ts'

/** Of one call: chat-service tells about once a second. */
const MOST = 5_000
const AT_ONCE = 50

const UserIds = Type.Array(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }), { maxItems: MOST })

/** For chat-service: people with an open stream are online. */
export function presenceBeatsHttp(
  app: App,
  { presenceTracker }: Readonly<{ presenceTracker: Pick<PresenceTracker, 'heartbeat'> }>,
): void {
  app.post(
    '/internal/presence/beats',
    operation({
      id: 'beatAll',
      tag: 'internal',
      access: 'public',
      idempotent: false,
      summary: 'These people have a stream open',
      body: Type.Object({ user_ids: UserIds }, { examples: [{ user_ids: [1, 2] }] }),
      response: { 204: Empty },
    }),
    async (request, reply) => {
      const { user_ids } = request.body
      for (let from = 0; from < user_ids.length; from += AT_ONCE)
        await Promise.all(user_ids.slice(from, from + AT_ONCE).map((id) => presenceTracker.heartbeat(id)))
      return reply.code(204).send(null)
    },
  )
}
