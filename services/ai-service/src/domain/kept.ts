import { phrasesIn, strengthsIn } from './assess.ts'
import type { Assessment, CueStrength, Evidence, Method, SafetyLevel, Scores } from './types.ts'

/** What is kept of an analysis. Without the words: what is said of it is made anew of the cues, in the language of who reads it. */
export type KeptAnalysis = Readonly<{
  scores: Scores
  confidence: number
  /** How many different phrases it rests on. */
  phrases: number
  method: Method
  cues: readonly CueStrength[]
  /** With the places in the text, and so only where the text is kept. */
  evidence: readonly Evidence[] | null
}>

/** What a model wrote in words of its own is left out: it may quote what was said. */
export function keptOf(
  { assessment, evidence, safety, method }: Analysed,
  text: string,
  keepText: boolean,
): KeptAnalysis {
  return {
    scores: assessment.scores,
    confidence: assessment.confidence,
    phrases: phrasesIn({ evidence, safety }, text),
    method,
    cues: strengthsIn(evidence),
    evidence: keepText ? evidence : null,
  }
}

type Analysed = Readonly<{
  assessment: Assessment
  evidence: readonly Evidence[]
  safety: SafetyLevel
  method: Method
}>
