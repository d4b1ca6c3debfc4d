import type { EventFact, LetterFact } from '../history/types.ts'
import type { Violation } from './violation.ts'

/** One for the whole run: what is read again is given up again. */
export type PoisonLedger = ReturnType<typeof createPoisonLedger>

const placeOf = ({ topic, partition, offset }: Pick<LetterFact, 'topic' | 'partition' | 'offset'>): string =>
  `${topic}/${partition}/${offset}`

/** Whether no service wrote this. */
const isPoison = ({ id, type, fields }: EventFact): boolean =>
  fields['poison'] !== undefined || typeof id !== 'string' || id === '' || typeof type !== 'string'

/** Guarantee 4, what cannot be handled: it ends as a dead letter of each group that needs what is wrong with it, and of no other. */
export function createPoisonLedger(groups: readonly string[]) {
  /** Where it is → what it is, and who must give it up. */
  const places = new Map<string, { what: string; due: readonly string[] }>()
  const letters = new Set<string>()

  return {
    /** @returns what services wrote, without dead letters */
    take(events: readonly EventFact[]): EventFact[] {
      return events.filter((event) => {
        if (event.letter) {
          letters.add(`${placeOf(event.letter)} ${event.letter.group}`)
          return false
        }
        if (event.topic.endsWith('.dlq')) return false
        if (!isPoison(event)) return true
        const due = ((event.fields['poison'] ?? '') as string).split(',')
        places.set(placeOf(event), { what: event.type, due: groups.filter((group) => due.includes(group)) })
        return false
      })
    },
    /** Whether a dead letter is of what was meant to become one. */
    isMeant: ({ group, ...place }: LetterFact): boolean => places.get(placeOf(place))?.due.includes(group) ?? false,
    missing(): Violation[] {
      return [...places].flatMap(([place, { what, due }]) =>
        due
          .filter((group) => !letters.has(`${place} ${group}`))
          .map((group): Violation => {
            return {
              kind: 'effect-missing',
              what: `${group} has no dead letter of ${what} at ${place}, which is broken`,
            }
          }),
      )
    },
  }
}
