import { operation, principalOf, type App } from '@bigtech/http'
import { userErrors } from '../../contract/errors.ts'
import { OwnProfile } from '../../contract/schemas.ts'
import type { ImageUrl } from '../../domain/public-events.ts'
import { refTo } from '../../contract/fields.ts'
import { ownProfile } from '../../views/own-profile.ts'
import type { UserRecords } from '../../ports.ts'

export function getProfileHttp(
  app: App,
  ports: { store: { users: Pick<UserRecords, 'load'> }; imageUrl: ImageUrl },
): void {
  app.get(
    '/profile/me',
    operation({
      id: 'getProfile',
      tag: 'profile',
      summary: 'The own profile',
      response: { 200: refTo(OwnProfile) },
      errors: [userErrors.USER_NOT_FOUND],
    }),
    async (request) => {
      const loaded = await ports.store.users.load(principalOf(request).user_id)
      if (!loaded) throw userErrors.USER_NOT_FOUND()
      return ownProfile(loaded.user, ports.imageUrl)
    },
  )
}
