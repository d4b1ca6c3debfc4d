import { operation, principalOf, type App } from '@bigtech/http'
import { isoTime } from '@bigtech/kernel'
import { Type } from 'typebox'
import { userErrors } from '../../contract/errors.ts'
import { UserIdList } from '../../contract/fields.ts'
import type { PresenceStore, Relations } from '../../ports.ts'
import { readUserIds } from '../../access/user-ids.http.ts'
import type { PresenceTracker } from '../track-presence/track-presence.ts'

export type GetPresencePorts = Readonly<{
  store: { relations: Pick<Relations, 'friendsOf'> }
  presence: Pick<PresenceStore, 'online'>
  presenceTracker: Pick<PresenceTracker, 'lastSeen'>
}>

const PresenceItem = Type.Object({
  user_id: Type.Integer({ examples: [7] }),
  online: Type.Boolean(),
  last_seen_at: Type.Union([Type.String({ format: 'date-time' }), Type.Null()]),
})

export function getPresenceHttp(app: App, ports: GetPresencePorts): void {
  app.get(
    '/presence',
    operation({
      id: 'getPresence',
      tag: 'presence',
      summary: 'Who is online. Only friends and oneself are visible; everybody else appears offline',
      querystring: Type.Object({ user_ids: UserIdList }),
      response: { 200: Type.Array(PresenceItem) },
      errors: [userErrors.TOO_MANY_USER_IDS],
    }),
    async (request) => {
      const ids = readUserIds(request.query.user_ids)
      const me = principalOf(request).user_id
      const friends = new Set(await ports.store.relations.friendsOf(me))
      const visible = ids.filter((id) => id === me || friends.has(id))
      const online = await ports.presence.online(visible)
      const seen = await ports.presenceTracker.lastSeen(visible)
      return ids.map((user_id) => {
        const time = seen.get(user_id)
        return { user_id, online: online.has(user_id), last_seen_at: time === undefined ? null : isoTime(time) }
      })
    },
  )
}
