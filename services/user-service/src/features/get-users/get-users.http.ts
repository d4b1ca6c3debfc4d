import { commonErrors, operation, PageOf, principalOf, readCursor, type App } from '@bigtech/http'
import { toPage } from '@bigtech/kernel'
import { Type } from 'typebox'
import { userErrors } from '../../contract/errors.ts'
import { OwnProfile, PublicProfile } from '../../contract/schemas.ts'
import type { ImageUrl } from '../../domain/public-events.ts'
import { MAX_USER_IDS, refTo, UserIdList, UserIdParams } from '../../contract/fields.ts'
import { ownProfile } from '../../views/own-profile.ts'
import type { UserRecords } from '../../ports.ts'
import type { Profiles } from '../../views/profiles.ts'
import { readUserIds } from '../../access/user-ids.http.ts'

export type GetUsersPorts = Readonly<{
  store: { users: Pick<UserRecords, 'list'> }
  profiles: Profiles
  imageUrl: ImageUrl
}>

const ListUsersQuery = Type.Object({
  user_ids: Type.Optional(UserIdList),
  status: Type.Optional(
    Type.Union(
      (['active', 'inactive', 'closing', 'closed'] as const).map((status) => Type.Literal(status)),
      { description: 'administrators only' },
    ),
  ),
  cursor: Type.Optional(Type.String({ maxLength: 500 })),
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }),
})

export function getUsersHttp(app: App, ports: GetUsersPorts): void {
  app.get(
    '/users/:id',
    operation({
      id: 'getUser',
      tag: 'users',
      summary: 'The public profile of a user',
      params: UserIdParams,
      response: { 200: refTo(PublicProfile) },
      errors: [userErrors.USER_NOT_FOUND],
    }),
    async (request) => {
      const [profile] = await ports.profiles.get([request.params.id])
      if (!profile || profile.status === 'closed') throw userErrors.USER_NOT_FOUND()
      return profile
    },
  )
  app.get(
    '/users',
    operation({
      id: 'listUsers',
      tag: 'users',
      summary: 'Public profiles by id (a plain list); without user_ids a page of all accounts, for administrators',
      description:
        `With \`user_ids\` (at most ${MAX_USER_IDS}): public profiles in that order; unknown ids are left out, closed accounts come ` +
        'as such, so that old messages still have a sender.',
      querystring: ListUsersQuery,
      response: {
        200: Type.Union([Type.Array(refTo(PublicProfile)), PageOf(refTo(OwnProfile))]),
      },
      errors: [userErrors.TOO_MANY_USER_IDS, commonErrors.ADMIN_ONLY, commonErrors.BAD_CURSOR],
    }),
    async (request) => {
      const { user_ids, status, cursor, limit } = request.query
      if (user_ids !== undefined) return ports.profiles.get(readUserIds(user_ids))
      if (principalOf(request).role !== 'admin') throw commonErrors.ADMIN_ONLY()
      const after = readCursor(cursor, ['number'])?.[0]
      const users = await ports.store.users.list({
        limit: limit + 1,
        ...(status === undefined ? {} : { status }),
        ...(after === undefined ? {} : { after }),
      })
      const { items, next_cursor } = toPage(users, limit, (user) => [user.id])
      return { items: items.map((user) => ownProfile(user, ports.imageUrl)), next_cursor }
    },
  )
}
