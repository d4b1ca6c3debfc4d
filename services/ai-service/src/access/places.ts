import type { AppError } from '@bigtech/kernel'
import { aiErrors } from '../contract/errors.ts'

/** What may wait, with what is being listened to. */
export type PlaceLimits = Readonly<{
  /** Seconds of sound. */
  seconds: number
  /** Recordings, of all and of one person. */
  recordings: number
  ofOne: number
  /** What they may hold of memory together. */
  bytes: number
}>

export const PLACE_LIMITS: PlaceLimits = { seconds: 1_800, recordings: 100, ofOne: 5, bytes: 128 * 1024 * 1024 }

/** Seconds. */
const LEAST_WAIT = 10
const MOST_WAIT = 3_600
/** Seconds that a second of sound takes, until there was one to learn from: Whisper base on one thread. */
const FIRST_PACE = 0.5
/** How much a new one counts. */
const LEARNING = 0.2

/** A place among the recordings of this process: taken before anything is read, given back when the recording is done with. */
export type Place = Readonly<{
  /** Says how long it is. @throws SPEECH_BUSY when that is too much beside what there is */
  lasts(seconds: number): void
  free(): void
}>
export type Places = ReturnType<typeof createPlaces>

export function createPlaces(limits: PlaceLimits, atOnce: number) {
  const held = { recordings: 0, bytes: 0, seconds: 0, by: new Map<number, number>() }
  let pace = FIRST_PACE

  /** When there should be room again. */
  const retryAfterS = () =>
    Math.ceil(Math.min(MOST_WAIT, Math.max(LEAST_WAIT, (held.seconds * pace) / Math.max(1, atOnce))))
  const busy = (): AppError => aiErrors.SPEECH_BUSY({ retryAfterS: retryAfterS() })

  function count(who: number | undefined, change: 1 | -1): void {
    if (who === undefined) return
    const left = (held.by.get(who) ?? 0) + change
    if (left > 0) held.by.set(who, left)
    else held.by.delete(who)
  }

  return {
    held: () => held.recordings,
    retryAfterS,
    /** A second of sound has taken so many seconds. */
    learn(took: number): void {
      pace += LEARNING * (took - pace)
    },
    /** @param bytes that it may have at most @param who nobody: a program on this machine @throws SPEECH_BUSY */
    take(bytes: number, who: number | undefined): Place {
      const isFull = held.recordings >= limits.recordings
      const own = who === undefined ? 0 : (held.by.get(who) ?? 0)
      // One that is larger, or longer, than all together may be is heard alone.
      if (isFull || own >= limits.ofOne || (held.bytes > 0 && held.bytes + bytes > limits.bytes)) throw busy()
      held.recordings++
      held.bytes += bytes
      count(who, 1)
      let length = 0
      let isFree = false
      return {
        lasts(seconds) {
          if (held.seconds > 0 && held.seconds + seconds > limits.seconds) throw busy()
          length = seconds
          held.seconds += seconds
        },
        free() {
          if (isFree) return
          isFree = true
          held.recordings--
          held.bytes -= bytes
          held.seconds -= length
          count(who, -1)
        },
      }
    },
  }
}
