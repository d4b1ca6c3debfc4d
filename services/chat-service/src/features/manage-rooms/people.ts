import { chatErrors } from '../../contract/errors.ts'
import type { PeopleReadModel, Profile, UserDirectory } from '../../ports.ts'

/**
 * Profiles of people who are to join a room: from the read model, else (just registered, event still under way) from
 * user-service itself. @throws USER_NOT_FOUND when one does not exist or is closed, BLOCKED when one and the actor block each other
 */
export async function peopleToInvite(
  ports: { people: PeopleReadModel; directory: UserDirectory },
  actor: number,
  userIds: readonly number[],
  authorization: string,
): Promise<Map<number, Profile>> {
  const known = await ports.people.profiles(userIds)
  const missing = userIds.filter((id) => !known.get(id)?.active)
  if (missing.length > 0)
    for (const profile of await ports.directory.find(missing, authorization)) known.set(profile.user_id, profile)
  for (const id of userIds) {
    if (!known.get(id)?.active) throw chatErrors.USER_NOT_FOUND()
    if (await ports.people.blocked(actor, id)) throw chatErrors.BLOCKED()
  }
  return known
}
