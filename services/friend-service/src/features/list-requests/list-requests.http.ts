import { operation, PageOf, PageQuery, principalOf, readCursor, type App } from '@bigtech/http'
import { toPage } from '@bigtech/kernel'
import { Type } from 'typebox'
import { ListedRequestSchema } from '../../contract/schemas.ts'
import type { FriendStore, PeopleStore } from '../../ports.ts'
import { viewRequest } from '../../access/caller.http.ts'
import { viewPerson } from '../../access/people.ts'

export function listRequestsHttp(app: App, ports: { friends: FriendStore; people: PeopleStore }): void {
  app.get(
    '/friends/requests',
    operation({
      id: 'listRequests',
      tag: 'friends',
      summary: 'Open friend requests, newest first, with the other person',
      querystring: Type.Object({
        ...PageQuery.properties,
        direction: Type.Enum(['received', 'sent'], { default: 'received' }),
      }),
      response: { 200: PageOf(ListedRequestSchema) },
    }),
    async (request) => {
      const { cursor, limit, direction } = request.query
      const { user_id } = principalOf(request)
      const [before] = readCursor(cursor, ['number']) ?? []
      const rows = await ports.friends.requests({ user_id, direction, before, limit: limit + 1 })
      const page = toPage(rows, limit, (row) => [row.id])
      const otherOf = (row: (typeof rows)[number]) => (direction === 'sent' ? row.to_user_id : row.from_user_id)
      const profiles = await ports.people.profiles(page.items.map(otherOf))
      return {
        ...page,
        items: page.items.map((row) => ({
          ...viewRequest(row),
          user: viewPerson(otherOf(row), profiles.get(otherOf(row))),
        })),
      }
    },
  )
}
