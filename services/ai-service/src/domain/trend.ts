import type { Period } from '@bigtech/kernel/periods'
import type { QuestionnaireName } from '../contract/kinds.ts'
import { CUES, SAFETY_LEVELS, type Cue, type CueStrength, type SafetyLevel, type Scores } from './types.ts'

/** Of an entry what a trend is made of: no words, and no answer to a single question. */
export type Point = Readonly<{
  created_at: number
  safety: SafetyLevel
  mood: number | null
  analysis: Readonly<{ cues: readonly CueStrength[]; scores: Scores }> | null
  questionnaire: Screening | null
}>

export type Screening = Readonly<{ name: QuestionnaireName; score: number; max: number; band: string }>

/** What was handed in within a period. */
export type Summary = Readonly<{
  start: number
  /** Not included. */
  end: number
  entries: number
  mood: Readonly<{ mean: number; count: number }> | null
  /** In how many entries each was found, and the strongest it was. */
  cues: readonly Readonly<{ cue: Cue; entries: number; strongest: CueStrength['strength'] }>[]
  /** Means over what was analysed; null when nothing was. */
  scores: Readonly<Record<keyof Scores, number | null>>
  questionnaires: readonly (Screening & Readonly<{ at: number }>)[]
  /** The most serious. */
  safety: SafetyLevel
}>

/** One summary of each period, also of those in which nothing was handed in. @param points in any order */
export const summarise = (points: readonly Point[], periods: readonly Period[]): Summary[] =>
  periods.map(({ start, end }) => {
    const within = points.filter(({ created_at }) => created_at >= start && created_at < end)
    const analyses = within.flatMap(({ analysis }) => analysis ?? [])
    const moods = within.flatMap(({ mood }) => mood ?? [])
    const scoreOf = (score: keyof Scores) =>
      meanOf(
        analyses.map(({ scores }) => scores[score]),
        1,
      )
    const mood = meanOf(moods, 2)
    return {
      start,
      end,
      entries: within.length,
      mood: mood === null ? null : { mean: mood, count: moods.length },
      cues: CUES.flatMap((cue) => {
        const found = analyses.flatMap(({ cues }) => cues.filter((one) => one.cue === cue))
        const strongest = Math.max(...found.map(({ strength }) => strength)) as CueStrength['strength']
        return found.length === 0 ? [] : [{ cue, entries: found.length, strongest }]
      }),
      scores: {
        depression: scoreOf('depression'),
        anxiety: scoreOf('anxiety'),
        cognitive: scoreOf('cognitive'),
      },
      questionnaires: within
        .flatMap(({ questionnaire: one, created_at: at }) =>
          one ? [{ name: one.name, score: one.score, max: one.max, band: one.band, at }] : [],
        )
        .toSorted((a, b) => a.at - b.at),
      safety: SAFETY_LEVELS.findLast((level) => within.some(({ safety }) => safety === level)) ?? 'none',
    }
  })

function meanOf(values: readonly number[], decimals: number): number | null {
  if (values.length === 0) return null
  const scale = 10 ** decimals
  return Math.round((values.reduce((sum, value) => sum + value, 0) / values.length) * scale) / scale
}
