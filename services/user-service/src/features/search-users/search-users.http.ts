import { operation, principalOf, type App } from '@bigtech/http'
import { Type } from 'typebox'
import { PublicProfile } from '../../contract/schemas.ts'
import { queryKey } from '../../domain/names.ts'
import { publicProfile, type ImageUrl } from '../../domain/public-events.ts'
import { refTo } from '../../contract/fields.ts'
import type { UserRecords } from '../../ports.ts'

export function searchUsersHttp(
  app: App,
  ports: { store: { users: Pick<UserRecords, 'search'> }; imageUrl: ImageUrl },
): void {
  app.get(
    '/users/search',
    operation({
      id: 'searchUsers',
      tag: 'users',
      summary: 'Find users by a part of their username or display name',
      description:
        'Exact matches first, then beginnings; of blanks and invisible characters nobody. Leaves out oneself, and users with a block in either direction.',
      querystring: Type.Object({
        q: Type.String({ minLength: 1, maxLength: 100, examples: ['철수'] }),
        limit: Type.Integer({ minimum: 1, maximum: 50, default: 20 }),
      }),
      response: { 200: Type.Object({ items: Type.Array(refTo(PublicProfile)), next_cursor: Type.Null() }) },
    }),
    async (request) => {
      const key = queryKey(request.query.q)
      const { limit } = request.query
      const users =
        key === '' ? [] : await ports.store.users.search({ key, viewer: principalOf(request).user_id, limit })
      return { items: users.map((user) => publicProfile(user, ports.imageUrl)), next_cursor: null }
    },
  )
}
