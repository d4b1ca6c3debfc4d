import { userErrors } from '../../contract/errors.ts'
import type { SessionId, UserId } from '../../contract/ids.ts'
import { decideLogOut } from '../../domain/decide-user.ts'
import type { Revocations, Session, UserStore } from '../../ports.ts'
import { changeUser, type ChangeContext } from '../../access/change-user.ts'

export type EndSessionsPorts = ChangeContext & Readonly<{ store: UserStore; revocations: Revocations }>

export const listSessions = ({ store, clock }: EndSessionsPorts, userId: UserId): Promise<Session[]> =>
  store.sessions.active(userId, clock.now())

/** Ends one session; its tokens stop working at once. Nothing happens if it ended before. */
export async function signOut(ports: EndSessionsPorts, userId: UserId, sessionId: SessionId): Promise<void> {
  await endOne(ports, userId, sessionId)
}

/** @throws SESSION_NOT_FOUND also for somebody else's session */
export async function endSession(ports: EndSessionsPorts, userId: UserId, sessionId: SessionId): Promise<void> {
  if (!(await endOne(ports, userId, sessionId))) throw userErrors.SESSION_NOT_FOUND()
}

async function endOne(ports: EndSessionsPorts, userId: UserId, sessionId: SessionId): Promise<boolean> {
  const ended = await ports.store.transaction(async (tx) => {
    const refs = await tx.sessions.revoke(userId, { ids: [sessionId] }, ports.clock.now())
    if (refs.length > 0) await changeUser(tx, ports, userId, (user) => decideLogOut(user, sessionId))
    return refs
  })
  ports.revocations.announce(ended)
  return ended.length > 0
}

/** Ends all sessions but the caller's. */
export async function endOtherSessions(ports: EndSessionsPorts, userId: UserId, keep: SessionId): Promise<number> {
  const ended = await ports.store.transaction(async (tx) => {
    const refs = await tx.sessions.revoke(userId, { allBut: keep }, ports.clock.now())
    await changeUser(tx, ports, userId, (user) => refs.flatMap((ref) => decideLogOut(user, ref.session_id)))
    return refs
  })
  ports.revocations.announce(ended)
  return ended.length
}
