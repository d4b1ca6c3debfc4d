import type { HttpClient } from '@bigtech/resilience'
import type { PresenceBeats } from '../../ports.ts'

/** Of one call. */
const MOST = 5_000

export type RemotePresenceBeats = PresenceBeats & Readonly<{ close(): Promise<void> }>

/**
 * Tells user-service in another process, everybody of `everyMs` together and each once. What it cannot be told is forgotten: the
 * next beats say the same.
 * @param client of user-service's internal port
 * @param onTrouble hears of calls that failed
 */
export function createRemotePresenceBeats(
  client: HttpClient,
  options: { onTrouble: (error: unknown) => void; everyMs?: number },
): RemotePresenceBeats {
  const { onTrouble, everyMs = 1_000 } = options
  const waiting = new Set<number>()
  let telling: Promise<void> = Promise.resolve()

  const tell = async () => {
    const ids = [...waiting]
    waiting.clear()
    for (let from = 0; from < ids.length; from += MOST)
      try {
        await client.post('/internal/presence/beats', { user_ids: ids.slice(from, from + MOST) }, { idempotent: true })
      } catch (error) {
        onTrouble(error)
      }
  }
  const timer = setInterval(() => {
    if (waiting.size > 0) telling = telling.then(tell)
  }, everyMs)
  timer.unref()

  return {
    beat: (userId) => void waiting.add(userId),
    async close() {
      clearInterval(timer)
      await telling
      await tell()
    },
  }
}
