import type { Clock } from '@bigtech/kernel'
import * as contract from '../contract/events.ts'
import type { PublicProfile } from '../contract/schemas.ts'
import type { User, UserEvent } from './user.ts'

/** Address of a profile image under the API root; the key makes it change with the image, so it may be cached for ever. */
export type ImageUrl = (user: Pick<User, 'id' | 'image_key'>) => string | null

export const imageUrlUnder =
  (baseUrl: string): ImageUrl =>
  ({ id, image_key }) =>
    image_key === null ? null : `${baseUrl}/users/${id}/image?v=${image_key.slice(-12)}`

export const publicProfile = (user: User, imageUrl: ImageUrl): PublicProfile => ({
  id: user.id,
  username: user.username,
  display_name: user.display_name,
  status_message: user.status_message,
  profile_image_url: imageUrl(user),
  status: user.status,
})

/**
 * What the world is told of an event: never age, phone, or anything of the password.
 * @param user the state after the event
 */
export function toPublicEvent(
  user: User,
  event: UserEvent,
  imageUrl: ImageUrl,
  context: { clock: Clock; traceparent?: string },
) {
  const { id: user_id, ...profile } = publicProfile(user, imageUrl)
  const snapshot = { user_id, ...profile }
  switch (event.type) {
    case 'UserRegistered':
      return contract.UserRegistered.make({ ...snapshot, email: user.email ?? '' }, context)
    case 'UserProfileUpdated':
    case 'UserProfileImageChanged':
      return contract.UserProfileUpdated.make(snapshot, context)
    case 'UserStatusChanged':
      return contract.UserStatusChanged.make(snapshot, context)
    case 'UserRoleChanged':
      return contract.UserRoleChanged.make({ user_id, role: event.data.role }, context)
    case 'UserLoggedIn':
      return contract.UserLoggedIn.make({ user_id, is_new_device: event.data.is_new_device ?? false }, context)
    case 'UserLoggedOut':
      return contract.UserLoggedOut.make({ user_id }, context)
    case 'UserPasswordChanged':
      return contract.UserPasswordChanged.make({ user_id }, context)
    case 'UserClosureRequested':
      return contract.UserClosureRequested.make(
        { user_id, saga_id: event.data.saga_id, email: user.email ?? '' },
        context,
      )
    case 'UserEmailConfirmationAsked':
      return contract.UserEmailConfirmationAsked.make({ user_id }, context)
    case 'UserEmailConfirmed':
      return contract.UserEmailConfirmed.make({ user_id }, context)
    case 'UserClosureCancelled':
      return contract.UserClosureCancelled.make({ user_id, ...event.data }, context)
    case 'UserClosed':
      return contract.UserClosed.make({ user_id, saga_id: event.data.saga_id }, context)
  }
}
