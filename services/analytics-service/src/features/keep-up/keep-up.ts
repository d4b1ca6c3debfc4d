import type { Clock } from '@bigtech/kernel'
import type { FactStore } from '../../ports.ts'

const DAY_MS = 86_400_000
/** Events can come again for as long as dead letters are kept, and their replays: 30 days, and some. */
const LINKS_KEPT_MS = 45 * DAY_MS
/** Days that are sealed in one turn. */
const MOST = 50

/** What makes old days cheap to ask for; only when something was written, or a day has passed: an idle server opens no file for it. */
export function createUpkeep(store: Pick<FactStore, 'seal' | 'forgetKeys' | 'exists'>, clock: Clock) {
  const today = () => Math.floor(clock.now() / DAY_MS)
  let isDue = false
  let day = today()
  return {
    written<T>(write: Promise<T>): Promise<T> {
      isDue = true
      return write
    },
    async run(): Promise<void> {
      const now = today()
      if ((!isDue && now === day) || !store.exists()) return
      const isNewDay = now !== day
      isDue = false
      day = now
      const sealed = await store.seal({ now: clock.now(), limit: MOST })
      if (sealed === MOST) isDue = true
      if (isNewDay) await store.forgetKeys(clock.now() - LINKS_KEPT_MS)
    },
  }
}
