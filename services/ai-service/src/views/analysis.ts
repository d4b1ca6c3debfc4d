import { isoTime } from '@bigtech/kernel'
import type { Static } from 'typebox'
import type { AnalysisResponseSchema } from '../contract/schemas.ts'
import type { Analysis, Contact } from '../ports.ts'
import { viewSafety } from './safety.ts'

export const DISCLAIMERS = {
  ko: '진단이 아닙니다. 말 속의 표현을 찾은 것이며, 걱정되면 전문가와 상담하세요.',
  en: 'This is no diagnosis. Phrases were found in what was said; if you worry, talk to a professional.',
}

type AnalysisResponse = Static<typeof AnalysisResponseSchema>

export function viewAnalysis(
  { assessment, evidence, safety, method }: Analysis,
  options: Readonly<{ now: number; language: 'ko' | 'en'; contacts: readonly Contact[] }>,
): AnalysisResponse {
  const { scores, emotional_state, key_concerns, recommendations, confidence, confidence_basis } = assessment
  return {
    depression_score: oneDecimal(scores.depression),
    anxiety_score: oneDecimal(scores.anxiety),
    cognitive_score: oneDecimal(scores.cognitive),
    emotional_state,
    key_concerns: [...key_concerns],
    recommendations: [...recommendations],
    confidence,
    confidence_basis,
    timestamp: isoTime(options.now),
    safety: viewSafety(safety, options.language, options.contacts),
    evidence: evidence.map((one) => ({ ...one, items: [...one.items] })),
    method,
    disclaimer: DISCLAIMERS[options.language],
  }
}

export const oneDecimal = (score: number): number => Math.round(score * 10) / 10
