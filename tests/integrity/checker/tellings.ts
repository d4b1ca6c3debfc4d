import type { PushFact } from '../history/effects.ts'
import type { Entry, FaultName } from '../history/types.ts'
import type { Violation } from './violation.ts'

/** One for the whole run: what is read again tells of what was told long ago. */
export type Tellings = ReturnType<typeof createTellings>

/** After these a message may come to a device again: nobody knows whether it had come. */
const REPEATS: readonly FaultName[] = [
  'kill',
  'restart',
  'pause',
  'disk',
  'clock',
  'zombie',
  'mysql',
  'exile',
  'reread',
]

/**
 * No device is told twice of the same. What a push service took and a process that dies has not written down is sent once more, word for word: its
 * tag and time are the same, by which a device knows it. Anything else about the same message is a second telling.
 */
export function createTellings() {
  /** `device tag time`, of what came. */
  const came = new Set<string>()
  /** `device tag seq` → when it was told. */
  const told = new Map<string, number>()
  let isExcused = false

  const judge = ({ device, kind, tag, seq, room, at }: PushFact): Violation[] => {
    if (kind === 'close') return []
    const found = (what: string): Violation[] => [
      { kind: 'effect-twice', what: `device ${device}: ${what}`, room: room ?? undefined, seq: seq ?? undefined },
    ]
    const repeat = `${device} ${tag} ${at}`
    const isRepeat = came.has(repeat)
    came.add(repeat)
    if (isRepeat) return isExcused ? [] : found(`a ${kind} (${tag}) came twice, and nothing had failed`)
    if (seq === null) return []
    const about = `${device} ${tag} ${seq}`
    const before = told.get(about)
    told.set(about, at)
    return before === undefined ? [] : found(`was told of message ${seq} (${tag}) at ${before}, and again at ${at}`)
  }

  return {
    /** What came in a round, to whomever. A backup that is put back has forgotten what was told since. */
    take(pushes: readonly PushFact[], entries: readonly Entry[]): Violation[] {
      const faults = entries.filter((entry) => entry.type === 'fault')
      return [...pushes, ...faults]
        .toSorted((a, b) => a.n - b.n)
        .flatMap((one) => {
          if ('device' in one) return judge(one)
          if (REPEATS.includes(one.fault)) isExcused = true
          if (one.fault !== 'restore') return []
          isExcused = true
          came.clear()
          told.clear()
          return []
        })
    },
  }
}
