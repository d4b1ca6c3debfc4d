import { chatErrors } from '../../contract/errors.ts'
import type { PeopleReadModel, Profile, UserDirectory } from '../../ports.ts'

/**
 * Profiles of people who are to join a room: from the read model, else (just registered, event still under way) from
 * user-service itself. @throws USER_NOT_FOUND when one does not exist, is closed or has blocked the actor, BLOCKED when the actor has blocked one
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
    if (await ports.people.hasBlocked(actor, id)) throw chatErrors.BLOCKED()
    // Not told, as of somebody who is gone.
    if (await ports.people.hasBlocked(id, actor)) throw chatErrors.USER_NOT_FOUND()
  }
  return known
}
