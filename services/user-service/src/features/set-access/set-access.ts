import type { Logger } from '@bigtech/telemetry'
import type { UserId, UserRole } from '../../contract/ids.ts'
import { decideChangeRole, decideChangeStatus } from '../../domain/decide-user.ts'
import type { User, UserEvent } from '../../domain/user.ts'
import type { Revocations, UserStore } from '../../ports.ts'
import type { Profiles } from '../../views/profiles.ts'
import { changeUser, type ChangeContext } from '../../access/change-user.ts'

export type SetAccessPorts = ChangeContext &
  Readonly<{ store: UserStore; profiles: Profiles; revocations: Revocations; logger: Logger }>

type Command<T> = Readonly<{ userId: UserId; by: UserId }> & T

/** Deactivating ends all sessions at once. @throws USER_NOT_FOUND, OWN_ACCOUNT, ACCOUNT_CLOSING */
export function setStatus(ports: SetAccessPorts, command: Command<{ status: 'active' | 'inactive' }>): Promise<User> {
  const { userId, by, status } = command
  return change(
    ports,
    { user_id: userId, by, status },
    (user) => decideChangeStatus(user, status, by),
    status === 'inactive',
    userId,
  )
}

/** Access tokens carry the role, so that a change ends the sessions of the user. @throws as setStatus */
export function setRole(ports: SetAccessPorts, command: Command<{ role: UserRole }>): Promise<User> {
  const { userId, by, role } = command
  return change(ports, { user_id: userId, by, role }, (user) => decideChangeRole(user, role, by), true, userId)
}

async function change(
  ports: SetAccessPorts,
  told: object,
  decide: (user: User) => UserEvent[],
  endSessions: boolean,
  userId: UserId,
): Promise<User> {
  const { store, clock } = ports
  const { user, ended } = await store.transaction(async (tx) => {
    let changed = false
    const user = await changeUser(tx, ports, userId, (before) => {
      const events = decide(before)
      changed = events.length > 0
      return events
    })
    const ended = changed && endSessions ? await tx.sessions.revoke(userId, { allBut: null }, clock.now()) : []
    return { user, ended }
  })
  ports.revocations.announce(ended)
  await ports.profiles.forget(userId)
  ports.logger.info({ event: 'access_changed', ...told }, 'security: an administrator changed an account')
  return user
}
