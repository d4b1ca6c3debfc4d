import type { AlertKind, Cue, SafetyLevel } from '../contract/kinds.ts'

/** Of what a guardian wants to be told. A crisis is none of them: that is for the senior to agree to. */
export type AlertRules = Readonly<{
  /** After so many days without a sign of life; null: never. */
  quiet_days: number | null
  /** Of a questionnaire whose band is moderate or above. */
  questionnaire: boolean
  /** Of a strong cue, or when there are clearly more than the week before. */
  cues: boolean
}>

export const DEFAULT_RULES: AlertRules = { quiet_days: 3, questionnaire: true, cues: true }

export const DAY_MS = 86_400_000
export const WEEK_MS = 7 * DAY_MS

/** So many more entries with cues than in the week before are clearly more. */
const CLEARLY_MORE = 3
const STRONG = 3

/** Of the three questionnaires: from the published cut-offs on. */
const HIGH_BANDS = ['moderate', 'moderately_severe', 'severe', 'suggestive', 'strong']

/** Something that was handed in, as events tell of it. */
export type HandedIn = Readonly<{
  /** ms since the epoch */
  at: number
  safety_level: SafetyLevel
  cues: readonly Readonly<{ cue: Cue; strength: number }>[]
  /** Of a questionnaire. */
  band: string | null
}>

/** `key` is the same for what a guardian is to be told once. */
export type AlertFound = Readonly<{ kind: AlertKind; key: string }>

const isCrisis = (level: SafetyLevel): boolean => level === 'concern' || level === 'immediate'

/**
 * What somebody is told of something that was handed in. Of cues once a day, however many there are: who is told too often does not look any more.
 * @param to.rules of a guardian who may see how the senior is
 * @param to.crisis whether they are to be told of a crisis
 * @param weeks entries with cues in the seven days up to this one, and in the seven before
 */
export function alertsOf(
  { at, safety_level, cues, band }: HandedIn,
  to: Readonly<{ rules: AlertRules | undefined; crisis: boolean }>,
  weeks: Readonly<{ last: number; before: number }>,
): AlertFound[] {
  const { rules, crisis } = to
  const found: AlertFound[] = []
  if (crisis && isCrisis(safety_level)) found.push({ kind: 'crisis', key: `crisis:${momentOf(at)}` })
  if (rules?.questionnaire && band !== null && HIGH_BANDS.includes(band))
    found.push({ kind: 'questionnaire', key: `questionnaire:${momentOf(at)}` })
  const isStrong = cues.some(({ strength }) => strength >= STRONG)
  const isMore = cues.length > 0 && weeks.last >= weeks.before + CLEARLY_MORE
  if (rules?.cues && (isStrong || isMore)) found.push({ kind: 'cues', key: `cues:${dayOf(at)}` })
  return found
}

/** What is handed in again and again within ten minutes, by a program that repeats itself say, is told once. */
const TOLD_AGAIN_MS = 600_000
const momentOf = (at: number): number => Math.floor(at / TOLD_AGAIN_MS)

/** Days are Korea's: there is no time zone of a guardian's. */
const dayOf = (at: number): string => new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Seoul' }).format(at)

/** @returns undefined: it is not time yet, or was told */
export function quietAlert(
  { quiet_days }: Pick<AlertRules, 'quiet_days'>,
  since: Readonly<{ sign_at: number; now: number }>,
): AlertFound | undefined {
  if (quiet_days === null || since.now < since.sign_at + quiet_days * DAY_MS) return undefined
  return { kind: 'quiet', key: `quiet:${since.sign_at}` }
}
