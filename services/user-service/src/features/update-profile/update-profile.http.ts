import { operation, principalOf, type App } from '@bigtech/http'
import { userErrors } from '../../contract/errors.ts'
import { OwnProfile } from '../../contract/schemas.ts'
import { refTo } from '../../contract/fields.ts'
import { ownProfile } from '../../views/own-profile.ts'
import { PatchProfileBody, ReplaceProfileBody } from './update-profile.schema.ts'
import { updateProfile, type UpdateProfilePorts } from './update-profile.ts'

const CLEARED = { display_name: null, status_message: null, age: null, phone: null }

export function updateProfileHttp(app: App, ports: UpdateProfilePorts): void {
  const shared = {
    tag: 'profile',
    response: { 200: refTo(OwnProfile) },
    errors: [userErrors.USERNAME_TAKEN, userErrors.TEXT_NOT_PLAIN, userErrors.NAME_CONFUSABLE, userErrors.USER_CHANGED],
  } as const
  app.put(
    '/profile/me',
    operation({
      ...shared,
      id: 'replaceProfile',
      summary: 'Replace the editable fields of the own profile; what is left out is cleared',
      body: ReplaceProfileBody,
    }),
    async (request) => {
      const user = await updateProfile(ports, principalOf(request).user_id, { ...CLEARED, ...request.body })
      return ownProfile(user, ports.imageUrl)
    },
  )
  app.patch(
    '/profile/me',
    operation({
      ...shared,
      id: 'patchProfile',
      summary: 'Change some fields of the own profile; null clears one',
      body: PatchProfileBody,
    }),
    async (request) =>
      ownProfile(await updateProfile(ports, principalOf(request).user_id, request.body), ports.imageUrl),
  )
}
