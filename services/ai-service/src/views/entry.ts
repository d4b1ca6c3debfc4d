import { isoTime } from '@bigtech/kernel'
import type { Static } from 'typebox'
import type { EntrySchema } from '../contract/entry-schemas.ts'
import { basisOf, inWords } from '../domain/assess.ts'
import { PHRASES } from '../domain/assess-texts.ts'
import type { KeptAnalysis } from '../domain/kept.ts'
import { questionnaireOf } from '../domain/questionnaires/score.ts'
import type { SafetyLevel } from '../domain/types.ts'
import type { AnsweredQuestionnaire, Entry } from '../ports.ts'
import { DISCLAIMERS, oneDecimal } from './analysis.ts'

type Language = 'ko' | 'en'
type EntryView = Static<typeof EntrySchema>

export const viewEntry = (entry: Entry, language: Language): EntryView => ({
  id: entry.id,
  kind: entry.kind,
  created_at: isoTime(entry.created_at),
  expires_at: isoTime(entry.expires_at),
  text: entry.text,
  analysis: entry.analysis && viewKept(entry.analysis, entry.safety, language),
  mood: entry.mood,
  questionnaire: entry.questionnaire && viewAnswered(entry.questionnaire, language),
  safety_level: entry.safety,
})

function viewKept(kept: KeptAnalysis, safety: SafetyLevel, language: Language): NonNullable<EntryView['analysis']> {
  const { scores, confidence, phrases, method, cues, evidence } = kept
  return {
    depression_score: oneDecimal(scores.depression),
    anxiety_score: oneDecimal(scores.anxiety),
    cognitive_score: oneDecimal(scores.cognitive),
    ...copied(inWords(cues, safety, language)),
    confidence,
    confidence_basis:
      method.name === 'rules' ? basisOf(phrases, language) : PHRASES[language].unchecked(method.version),
    cues: cues.map((one) => ({ ...one })),
    evidence: evidence && evidence.map((one) => ({ ...one, items: [...one.items] })),
    method,
    disclaimer: DISCLAIMERS[language],
  }
}

const copied = ({ emotional_state, key_concerns, recommendations }: ReturnType<typeof inWords>) => ({
  emotional_state,
  key_concerns: [...key_concerns],
  recommendations: [...recommendations],
})

const viewAnswered = (one: AnsweredQuestionnaire, language: Language): NonNullable<EntryView['questionnaire']> => ({
  name: one.name,
  score: one.score,
  max: one.max,
  band: one.band,
  band_text: bandText(one, language),
  positive: one.positive,
  answers: [...one.answers],
})

/** In the language of who reads it. */
export const bandText = ({ name, band }: Pick<AnsweredQuestionnaire, 'name' | 'band'>, language: Language): string =>
  questionnaireOf(name).bands.find(({ id }) => id === band)?.label[language] ?? band
