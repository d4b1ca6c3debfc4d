import { systemClock, type Clock } from '@bigtech/kernel'
import type { Broker } from './broker.ts'
import { onSessionRevoked, type RevokedSession } from './contract.ts'

/** Longer than any access token lives. */
const REMEMBER_MS = 20 * 60_000
/** How often the list is completed, ms: so long a session can go on that ended while the broker was away. */
const COMPLETE_MS = 30_000
/** Processes of user-service may differ in their clocks, and a change may be visible later than it says: so much is asked for twice. */
const OVERLAP_MS = 60_000

/** Ended sessions from where they are kept. Without `since`, or with an old one: all whose tokens may be alive. */
export type RevocationSource = (
  since?: number,
) => Promise<Readonly<{ sessions: readonly RevokedSession[]; as_of: number }>>

export type RevocationList = Readonly<{
  isRevoked(this: void, sessionId: string): boolean
  /** At once, if the list was ever completed since the start; else it is tried now. @throws what `source` throws */
  complete(this: void): Promise<void>
  close(): void
}>

/**
 * What a process that checks access tokens knows of ended sessions (`isRevoked` of createTokenVerifier). It hears of each through the broker, and
 * completes what it knows from the source: at the start, after a gap of the broker, and each 30 s.
 *
 * With the broker away, an ended session is known 30 s later. With the source away, through the broker. With both away, what was known stays
 * known, and a session that ends meanwhile goes on until its access token dies (15 minutes at most). A process that has never completed its list
 * should let nobody in: `jwks: async () => (await list.complete(), jwks())`.
 * @param options.source without one, the list is what the broker said since the start
 * @param options.onTrouble hears of it when the source was asked in vain twice running: once is a process that starts, or is being replaced
 */
export function createRevocationList(
  broker: Broker,
  options: Readonly<{ source?: RevocationSource; clock?: Clock; onTrouble?: (error: unknown) => void }> = {},
): RevocationList {
  const { source, clock = systemClock, onTrouble = () => {} } = options
  const revoked = new Map<string, number>()
  let asOf: number | undefined
  let asking: Promise<void> | undefined
  let misses = 0

  function remember({ session_id }: RevokedSession): void {
    const now = clock.now()
    revoked.delete(session_id)
    revoked.set(session_id, now + REMEMBER_MS)
    for (const [id, until] of revoked) {
      if (until > now) break
      revoked.delete(id)
    }
  }

  async function ask(): Promise<void> {
    if (!source) return
    const answer = await source(asOf === undefined ? undefined : asOf - OVERLAP_MS)
    for (const session of answer.sessions) remember(session)
    asOf = answer.as_of
    misses = 0
  }
  const askOnce = () => (asking ??= ask().finally(() => (asking = undefined)))
  /** A question that is under way may have been answered before what is to be learnt. */
  const askAnew = () =>
    (asking ? asking.then(askOnce, askOnce) : askOnce()).catch((error: unknown) => {
      if (++misses > 1) onTrouble(error)
    })

  const subscription = onSessionRevoked(broker, remember, () => void askAnew())
  void subscription.effective.then(askAnew)
  const timer = source && setInterval(() => void askAnew(), COMPLETE_MS)
  timer?.unref()

  return {
    isRevoked: (sessionId) => (revoked.get(sessionId) ?? 0) > clock.now(),
    complete: async () => {
      if (source && asOf === undefined) await askOnce()
    },
    close() {
      clearInterval(timer)
      subscription.stop()
    },
  }
}
