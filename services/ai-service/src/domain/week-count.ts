import type { EntryKind, QuestionnaireName } from '../contract/kinds.ts'
import type { CueStrength, SafetyLevel } from './types.ts'

/** Fewer people than these are told of nobody: who knows one of four knows too much. */
export const LEAST_PEOPLE = 5

/** How often something was handed in, and by how many people. */
export type Group = Readonly<{ measure: string; entries: number; people: number }>
/** Of an entry what it is counted by. */
export type Counted = Readonly<{
  user_id: number
  kind: EntryKind
  safety: SafetyLevel
  analysis: Readonly<{ cues: readonly CueStrength[] }> | null
  questionnaire: Readonly<{ name: QuestionnaireName; positive: boolean }> | null
}>

/** What an entry counts as: itself, how it was handed in, the cues in it, its level of safety, a cut-off that was reached. */
function measuresOf({ kind, safety, analysis, questionnaire }: Counted): string[] {
  return [
    'all',
    kind,
    ...(analysis?.cues ?? []).map(({ cue }) => `cue:${cue}`),
    ...(safety === 'concern' || safety === 'immediate' ? [`safety:${safety}`] : []),
    ...(questionnaire?.positive ? [`positive:${questionnaire.name}`] : []),
  ]
}

/** Counts entries without keeping any of them. */
export function createCount() {
  const groups = new Map<string, { entries: number; people: Set<number> }>()
  return {
    add(entry: Counted): void {
      for (const measure of new Set(measuresOf(entry))) {
        let group = groups.get(measure)
        if (!group) groups.set(measure, (group = { entries: 0, people: new Set() }))
        group.entries++
        group.people.add(entry.user_id)
      }
    },
    /** Only those of enough people. */
    groups: (): Group[] =>
      [...groups]
        .map(([measure, { entries, people }]) => ({ measure, entries, people: people.size }))
        .filter(({ people }) => people >= LEAST_PEOPLE),
  }
}
