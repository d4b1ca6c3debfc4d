import type { Clock } from '@bigtech/kernel'

/** What clocks of one time differ by among themselves, and more. */
const SLACK_MS = 1_000

/**
 * A clock that notices that it was set back: what is kept with a time of before waits for one that is far off then. Whoever keeps such a time has asked
 * this clock for it, so nothing escapes it but what an earlier process kept.
 */
export function watchClock(clock: Clock): Clock & { wasSetBack(): boolean; isPutRight(): void } {
  let latest = clock.now()
  let isBehind = false
  return {
    now() {
      const now = clock.now()
      if (now < latest - SLACK_MS) isBehind = true
      latest = isBehind ? now : Math.max(latest, now)
      return now
    },
    /** Until it is said that what had to be done about it is done. */
    wasSetBack: () => isBehind,
    isPutRight: () => void (isBehind = false),
  }
}
