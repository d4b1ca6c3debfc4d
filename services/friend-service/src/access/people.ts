import { friendErrors } from '../contract/errors.ts'
import type { Person } from '../contract/schemas.ts'
import type { PeopleStore, Profile, UserDirectory } from '../ports.ts'

export type Caller = { user_id: number; authorization: string; traceparent: string }

/** An active user, from the read model or (just registered) from user-service itself. @throws USER_NOT_FOUND */
export async function accessPerson(
  ports: { people: PeopleStore; directory: UserDirectory },
  caller: Caller,
  userId: number,
): Promise<void> {
  if ((await ports.people.profiles([userId])).get(userId)?.active) return
  const [found] = await ports.directory.find([userId], caller.authorization)
  if (!found?.active) throw friendErrors.USER_NOT_FOUND()
}

export function viewPerson(userId: number, profile: Profile | undefined): Person {
  const { username = '', display_name = '', status_message = null, profile_image_url = null } = profile ?? {}
  return { user_id: userId, username, display_name, status_message, profile_image_url }
}
