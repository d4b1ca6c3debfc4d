import { operation, PageOf, PageQuery, readCursor, type App } from '@bigtech/http'
import { isoTime, toPage } from '@bigtech/kernel'
import type { Logger } from '@bigtech/telemetry'
import { Type } from 'typebox'
import { friendErrors } from '../../contract/errors.ts'
import { FriendSchema, Id, Time } from '../../contract/schemas.ts'
import type { FriendStore, PeopleStore, Presence, UserDirectory } from '../../ports.ts'
import { callerOf } from '../../access/caller.http.ts'
import { viewPerson } from '../../access/people.ts'

export function listFriendsHttp(
  app: App,
  ports: { friends: FriendStore; people: PeopleStore; directory: UserDirectory; logger: Logger },
): void {
  app.get(
    '/friends',
    operation({
      id: 'listFriends',
      tag: 'friends',
      summary: 'Your friends, newest friendship first, with profile and presence',
      description: '`online` is null when presence cannot be asked right now: the list itself never fails for that.',
      querystring: PageQuery,
      response: { 200: PageOf(FriendSchema) },
    }),
    async (request) => {
      const { cursor, limit } = request.query
      const caller = callerOf(request)
      const before = readCursor(cursor, ['number', 'number'])
      const rows = await ports.friends.friends({ user_id: caller.user_id, before, limit: limit + 1 })
      const page = toPage(rows, limit, (row) => [row.since, row.friend_id])
      const ids = page.items.map((row) => row.friend_id)
      const profiles = await ports.people.profiles(ids)
      const presence = await presenceOf(ids, caller.authorization)
      return {
        ...page,
        items: page.items.map(({ friend_id, since }) => {
          const seen = presence?.get(friend_id)
          return {
            ...viewPerson(friend_id, profiles.get(friend_id)),
            online: presence ? (seen?.online ?? false) : null,
            last_seen_at: seen?.last_seen_at ?? null,
            friends_since: isoTime(since),
          }
        }),
      }
    },
  )

  app.get(
    '/friends/:user_id',
    operation({
      id: 'getFriend',
      tag: 'friends',
      summary: 'Since when somebody is a friend of yours',
      params: Type.Object({ user_id: Id }),
      response: { 200: Type.Object({ user_id: Id, friends_since: Time }) },
      errors: [friendErrors.NOT_FRIENDS],
    }),
    async (request) => {
      const { user_id } = request.params
      const since = await ports.friends.friendsSince(callerOf(request).user_id, user_id)
      if (since === undefined) throw friendErrors.NOT_FRIENDS()
      return { user_id, friends_since: isoTime(since) }
    },
  )

  async function presenceOf(ids: readonly number[], authorization: string): Promise<Map<number, Presence> | undefined> {
    if (ids.length === 0) return new Map()
    try {
      const found = await ports.directory.presence(ids, authorization)
      return new Map(found.map((one) => [one.user_id, one]))
    } catch (error) {
      ports.logger.warn({ err: error }, 'presence is not available')
      return undefined
    }
  }
}
