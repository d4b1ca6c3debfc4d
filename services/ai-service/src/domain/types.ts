import type { Cue, SafetyLevel } from '../contract/kinds.ts'

export { CUES, SAFETY_LEVELS, type Cue, type SafetyLevel } from '../contract/kinds.ts'

/** A phrase of the text, as it stands there. */
export type Evidence = Readonly<{
  cue: Cue | 'crisis'
  phrase: string
  /** In UTF-16 code units of the text, as JavaScript and JSON clients count; `end` is not included. */
  start: number
  end: number
  /** 1: slight, 2: clear, 3: strong (said with 너무, 매일, 하루 종일 …). */
  strength: 1 | 2 | 3
  /** Items of questionnaires that ask for it, as `PHQ-9:2`. */
  items: readonly string[]
}>

/** A cue with the strongest of its phrases. */
export type CueStrength = Readonly<{ cue: Cue; strength: Evidence['strength'] }>

/** How something was found. */
export type Method = Readonly<{ name: 'rules' | 'openai' | 'vertex'; version: string; fallback: string | null }>

/** What was found in a text; a pure function of it. */
export type Findings = Readonly<{
  /** In the order of the text, crisis words too. */
  evidence: readonly Evidence[]
  safety: SafetyLevel
}>

/** From 0 to 100. Of depression and anxiety more is worse, of cognition more is better (the source's example: 85). */
export type Scores = Readonly<{ depression: number; anxiety: number; cognitive: number }>

/** What is said of a text: strength of cues, never a diagnosis. */
export type Assessment = Readonly<{
  scores: Scores
  /** Of the strongest cue, as `우울`; without any, `단서 없음`. Never `정상`. */
  emotional_state: string
  key_concerns: readonly string[]
  recommendations: readonly string[]
  /** From 0 to 1. */
  confidence: number
  /** What the number rests on, in a sentence. */
  confidence_basis: string
}>
