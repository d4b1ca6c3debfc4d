import { languageOf, operation, principalOf, type App } from '@bigtech/http'
import { isoTime } from '@bigtech/kernel'
import { Type } from 'typebox'
import { userErrors } from '../../contract/errors.ts'
import { OwnProfile } from '../../contract/schemas.ts'
import { refTo } from '../../contract/fields.ts'
import { ownProfile } from '../../views/own-profile.ts'
import type { UserStore } from '../../ports.ts'
import type { ChangeContext } from '../../access/change-user.ts'
import { toActivity } from '../list-activities/list-activities.http.ts'
import { SessionItem } from '../end-sessions/end-sessions.schema.ts'
import { ActivityItem } from '../list-activities/list-activities.schema.ts'

const MAX_ACTIVITIES = 10_000

const { id, device, ip, created_at, last_used_at } = SessionItem.properties

const Export = Type.Object({
  exported_at: Type.String({ format: 'date-time' }),
  profile: refTo(OwnProfile),
  sessions: Type.Array(Type.Object({ id, device, ip, created_at, last_used_at })),
  friend_ids: Type.Array(Type.Integer()),
  activities: Type.Array(ActivityItem),
})

export type ExportDataPorts = ChangeContext & Readonly<{ store: UserStore }>

export function exportDataHttp(app: App, ports: ExportDataPorts): void {
  app.get(
    '/users/me/export',
    operation({
      id: 'exportData',
      tag: 'users',
      summary: 'All that this service holds of the own account, as a JSON file',
      response: { 200: Export },
      errors: [userErrors.USER_NOT_FOUND],
    }),
    async (request, reply) => {
      const { user_id } = principalOf(request)
      const { store, clock, imageUrl } = ports
      const loaded = await store.users.load(user_id)
      if (!loaded) throw userErrors.USER_NOT_FOUND()
      const language = languageOf(request.headers['accept-language'])
      const sessions = await store.sessions.active(user_id, clock.now())
      const events = await store.users.recent(user_id, { limit: MAX_ACTIVITIES })
      return reply
        .header('content-disposition', `attachment; filename="bigtech-chat-user-${user_id}.json"`)
        .header('cache-control', 'no-store')
        .send({
          exported_at: isoTime(clock.now()),
          profile: ownProfile(loaded.user, imageUrl),
          sessions: sessions.map(({ id, device, ip, created_at, last_used_at }) => ({
            id,
            device,
            ip,
            created_at: isoTime(created_at),
            last_used_at: isoTime(last_used_at),
          })),
          friend_ids: await store.relations.friendsOf(user_id),
          activities: events.map((event) => toActivity(event, language)),
        })
    },
  )
}
