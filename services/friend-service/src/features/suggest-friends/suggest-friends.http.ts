import { operation, principalOf, type App } from '@bigtech/http'
import { Type } from 'typebox'
import { PersonSchema } from '../../contract/schemas.ts'
import type { FriendStore, PeopleStore } from '../../ports.ts'
import { viewPerson } from '../../access/people.ts'

export function suggestFriendsHttp(app: App, ports: { friends: FriendStore; people: PeopleStore }): void {
  app.get(
    '/friends/suggestions',
    operation({
      id: 'suggestFriends',
      tag: 'friends',
      summary: 'Friends of your friends, those with most mutual friends first',
      querystring: Type.Object({ limit: Type.Integer({ minimum: 1, maximum: 50, default: 10 }) }),
      response: {
        200: Type.Object({
          items: Type.Array(Type.Object({ ...PersonSchema.properties, mutual_friends: Type.Integer() })),
          next_cursor: Type.Null(),
        }),
      },
    }),
    async (request) => {
      const found = await ports.friends.suggestions({
        user_id: principalOf(request).user_id,
        limit: request.query.limit,
      })
      const profiles = await ports.people.profiles(found.map((one) => one.user_id))
      return {
        items: found.map(({ user_id, mutual_friends }) => ({
          ...viewPerson(user_id, profiles.get(user_id)),
          mutual_friends,
        })),
        next_cursor: null,
      }
    },
  )
}
