import { CUE_WORDS, PHRASES, type Language } from './assess-texts.ts'
import {
  CUES,
  type Assessment,
  type Cue,
  type CueStrength,
  type Evidence,
  type Findings,
  type SafetyLevel,
  type Scores,
} from './types.ts'

/**
 * How much of what is left below 100 one point of strength of a cue takes. The order follows the questionnaires: the two items a depressive episode has to show one
 * of (PHQ-9 1 and 2) weigh most. The numbers are ours, have been checked against no patients, and say how strongly cues were spoken, not how ill anybody is.
 */
const SHARES: Readonly<Record<keyof Scores, Readonly<Partial<Record<Cue | 'crisis', number>>>>> = {
  depression: {
    crisis: 0.2,
    low_mood: 0.14,
    anhedonia: 0.12,
    worthless: 0.12,
    sleep: 0.06,
    fatigue: 0.06,
    appetite: 0.06,
    concentration: 0.05,
    lonely: 0.05,
  },
  anxiety: { anxiety: 0.18, sleep: 0.03, concentration: 0.03 },
  cognitive: { memory: 0.14, concentration: 0.06 },
}
/** What a phrase finder can be sure of at best, and of nothing found. */
const CONFIDENCE = { none: 0.1, least: 0.2, perPhrase: 0.08, most: 0.6 } as const
const MOST_RECOMMENDED = 4

const round2 = (value: number): number => Math.round(value * 100) / 100

/**
 * Cue strength in numbers. A score is 100 × (1 − Π (1 − share × strength)) over the cues found, each with its strongest phrase (1 to 3): without cues 0, nearer to 100
 * with every cue, never above. Cognition is counted from 100 down, so that more is better.
 */
export function assess({ evidence, safety }: Findings, text: string, language: Language = 'ko'): Assessment {
  const isCrisis = isOfCrisis(safety)
  const strengths = new Map<Cue | 'crisis', number>()
  for (const { cue, strength } of evidence)
    if (cue !== 'crisis' || isCrisis) strengths.set(cue, Math.max(strengths.get(cue) ?? 0, strength))
  // A crisis that was raised without weighing its places (see findings.ts) has no evidence of its own.
  if (isCrisis && !strengths.has('crisis')) strengths.set('crisis', 2)

  const strengthIn = (shares: (typeof SHARES)[keyof Scores]): number => {
    let left = 1
    for (const [cue, strength] of strengths) left *= 1 - (shares[cue] ?? 0) * strength
    return Math.round(100 * (1 - left))
  }
  const distinct = phrasesIn({ evidence, safety }, text)
  const nothing = strengths.size === 0
  return {
    scores: {
      depression: strengthIn(SHARES.depression),
      anxiety: strengthIn(SHARES.anxiety),
      cognitive: 100 - strengthIn(SHARES.cognitive),
    },
    ...inWords(strengthsIn(evidence), safety, language),
    confidence: nothing
      ? CONFIDENCE.none
      : round2(Math.min(CONFIDENCE.most, CONFIDENCE.least + CONFIDENCE.perPhrase * Math.max(1, distinct))),
    confidence_basis: basisOf(nothing ? 0 : distinct, language),
  }
}

const isOfCrisis = (safety: SafetyLevel): boolean => safety === 'concern' || safety === 'immediate'

/** How many different phrases it rests on; those of a crisis count where there is one. */
export function phrasesIn({ evidence, safety }: Findings, text: string): number {
  const found = evidence.filter(({ cue }) => cue !== 'crisis' || isOfCrisis(safety))
  return new Set(found.map(({ start, end }) => text.slice(start, end))).size
}

/** Each cue with its strongest phrase, in the order of the cues. */
export function strengthsIn(evidence: readonly Evidence[]): CueStrength[] {
  const strengthOf = (cue: Cue) =>
    evidence.reduce((most, one) => (one.cue === cue && one.strength > most ? one.strength : most), 0)
  return CUES.map((cue) => ({ cue, strength: strengthOf(cue) })).filter((one): one is CueStrength => one.strength > 0)
}

const weightOf = ({ cue, strength }: CueStrength): number =>
  strength * Math.max(SHARES.depression[cue] ?? 0, SHARES.anxiety[cue] ?? 0, SHARES.cognitive[cue] ?? 0, 0.04)

/** What is said of cues: a word for the state, concerns, advice; what weighs most comes first, and a crisis before all. */
export function inWords(
  found: readonly CueStrength[],
  safety: SafetyLevel,
  language: Language,
): Pick<Assessment, 'emotional_state' | 'key_concerns' | 'recommendations'> {
  const words = CUE_WORDS[language]
  const phrases = PHRASES[language]
  const isCrisis = isOfCrisis(safety)
  const cues = found.toSorted((a, b) => weightOf(b) - weightOf(a)).map(({ cue }) => cue)
  const crisisFirst = <T>(first: T, rest: readonly T[]): T[] => (isCrisis ? [first, ...rest] : [...rest])
  return {
    emotional_state: isCrisis ? phrases.crisis : cues[0] ? words[cues[0]].state : phrases.noCue,
    key_concerns: crisisFirst(
      phrases.crisisConcern,
      cues.map((cue) => words[cue].concern),
    ),
    recommendations: crisisFirst(
      phrases.crisisAdvice,
      cues.map((cue) => words[cue].advice),
    ).slice(0, MOST_RECOMMENDED),
  }
}

/** What the confidence rests on. @param phrases as phrasesIn counts them */
export const basisOf = (phrases: number, language: Language): string =>
  phrases === 0 ? PHRASES[language].noBasis : PHRASES[language].basis(phrases)
