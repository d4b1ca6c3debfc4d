import type { UserId } from '../../contract/ids.ts'
import { decideUpdateProfile, type ProfileChange } from '../../domain/decide-user.ts'
import type { User } from '../../domain/user.ts'
import type { UserStore } from '../../ports.ts'
import type { Profiles } from '../../views/profiles.ts'
import { changeUser, type ChangeContext } from '../../access/change-user.ts'

export type UpdateProfilePorts = ChangeContext & Readonly<{ store: UserStore; profiles: Profiles }>

/** @throws USERNAME_TAKEN */
export async function updateProfile(ports: UpdateProfilePorts, userId: UserId, change: ProfileChange): Promise<User> {
  const user = await ports.store.transaction((tx) =>
    changeUser(tx, ports, userId, (user) => decideUpdateProfile(user, change)),
  )
  await ports.profiles.forget(userId)
  return user
}
