import { commonErrors, languageOf, operation, PageOf, principalOf, readCursor, type App } from '@bigtech/http'
import { isoTime, toPage } from '@bigtech/kernel'
import { activityOf, eventTypeOfActivity } from '../../domain/activity.ts'
import type { Happened, UserRecords } from '../../ports.ts'
import { ActivitiesQuery, ActivityItem } from './list-activities.schema.ts'

export const toActivity = (event: Happened, language: 'ko' | 'en') => ({
  id: event.id,
  ...activityOf(event.event, language),
  created_at: isoTime(event.at),
})

export function listActivitiesHttp(app: App, ports: { store: { users: Pick<UserRecords, 'recent'> } }): void {
  app.get(
    '/users/me/activities',
    operation({
      id: 'listActivities',
      tag: 'users',
      summary: 'What happened with the own account, newest first',
      querystring: ActivitiesQuery,
      response: { 200: PageOf(ActivityItem) },
      errors: [commonErrors.BAD_CURSOR],
    }),
    async (request) => {
      const { type, cursor, limit } = request.query
      const before = readCursor(cursor, ['number'])?.[0]
      const eventType = type === undefined ? undefined : eventTypeOfActivity(type)
      const events = await ports.store.users.recent(principalOf(request).user_id, {
        limit: limit + 1,
        ...(eventType === undefined ? {} : { type: eventType }),
        ...(before === undefined ? {} : { before }),
      })
      const { items, next_cursor } = toPage(events, limit, (event) => [event.id])
      const language = languageOf(request.headers['accept-language'])
      return { items: items.map((event) => toActivity(event, language)), next_cursor }
    },
  )
}
