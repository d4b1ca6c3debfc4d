import { newId } from '@bigtech/kernel'
import type { UserId } from '../../contract/ids.ts'
import { startClosure } from '../../domain/closure-saga.ts'
import { decideRequestClosure } from '../../domain/decide-user.ts'
import type { PasswordHasher, Revocations } from '../../ports.ts'
import { changeUser } from '../../access/change-user.ts'
import { requirePassword } from '../change-password/change-password.ts'
import { advance, type AdvanceClosurePorts } from './advance-closure.ts'

export type RequestClosurePorts = AdvanceClosurePorts &
  Readonly<{
    hasher: PasswordHasher
    revocations: Revocations
    /** services that must agree before an account is closed */
    closureParticipants: readonly string[]
    closureDeadlineMs: number
  }>

/**
 * Starts the closure of an account (domain/closure-saga.ts): it cannot be used from now on.
 * @throws PASSWORD_WRONG, ACCOUNT_INACTIVE, ACCOUNT_CLOSING
 */
export async function requestClosure(
  ports: RequestClosurePorts,
  command: { userId: UserId; password: string },
): Promise<{ saga_id: string }> {
  const { store, clock } = ports
  const { userId } = command
  await requirePassword(ports, userId, command.password)
  const id = newId()
  const ended = await store.transaction(async (tx) => {
    const now = clock.now()
    await changeUser(tx, ports, userId, (user) => decideRequestClosure(user, id))
    const { closureParticipants: participants, closureDeadlineMs: deadlineMs } = ports
    await tx.sagas.save(startClosure({ id, user_id: userId, participants, now, deadlineMs }))
    return tx.sessions.revoke(userId, { allBut: null }, now)
  })
  ports.revocations.announce(ended)
  await ports.profiles.forget(userId)
  ports.logger.info({ event: 'closure_requested', user_id: userId, saga_id: id }, 'security: account closure began')
  await advance(ports, id, { type: 'tick' })
  return { saga_id: id }
}
