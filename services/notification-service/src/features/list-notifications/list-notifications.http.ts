import { languageOf, operation, PageOf, PageQuery, principalOf, readCursor, type App } from '@bigtech/http'
import { toPage, type Clock } from '@bigtech/kernel'
import { Type } from 'typebox'
import { NotificationSchema, UnreadCount } from '../../contract/schemas.ts'
import type { NoteStore, PeopleStore } from '../../ports.ts'
import { viewNotes } from '../../views/notification.ts'

export function listNotificationsHttp(app: App, ports: { notes: NoteStore; people: PeopleStore; clock: Clock }): void {
  const { notes, people, clock } = ports
  app.get(
    '/notifications',
    operation({
      id: 'listNotifications',
      tag: 'notifications',
      summary: 'What there is to tell you: what you have not read first, the newest of each first',
      querystring: PageQuery,
      response: {
        200: Type.Object({ ...PageOf(NotificationSchema).properties, unread_count: UnreadCount }),
      },
    }),
    async (request) => {
      const { cursor, limit } = request.query
      const { user_id } = principalOf(request)
      const place = readCursor(cursor, ['string', 'number', 'number'])
      const before = place && ([place[0] === 'read' ? 1 : 0, place[1], place[2]] as const)
      const now = clock.now()
      const rows = await notes.list({ user_id, before, limit: limit + 1, now })
      const page = toPage(rows, limit, (row) => [row.read_at === null ? 'unread' : 'read', row.updated_at, row.id])
      const language = languageOf(request.headers['accept-language'])
      return {
        ...page,
        items: await viewNotes(people, page.items, language),
        unread_count: await notes.unread(user_id, now),
      }
    },
  )

  app.get(
    '/notifications/count',
    operation({
      id: 'countNotifications',
      tag: 'notifications',
      summary: 'How many you have not read, for a badge',
      response: { 200: Type.Object({ unread_count: UnreadCount }) },
    }),
    async (request) => ({ unread_count: await notes.unread(principalOf(request).user_id, clock.now()) }),
  )
}
