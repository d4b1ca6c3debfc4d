import { defineEvent, type TopicConfig } from '@bigtech/messaging/contract'
import { Type, type TObject, type TProperties } from 'typebox'
import { CUES, QUESTIONNAIRE_NAMES, SAFETY_LEVELS } from './kinds.ts'

export const CARE_TOPIC = 'care.events'

export const careTopics: readonly TopicConfig[] = [{ name: CARE_TOPIC, partitions: 3, retentionMs: 7 * 86_400_000 }]

/** Nothing that was said is in them, and no answer to a single question. All that happens to one person stays in order. */
const define = <P extends TProperties>(event: { type: string; summary: string; schema: TObject<P> }) =>
  defineEvent<P>({
    ...event,
    topic: CARE_TOPIC,
    source: '/ai-service',
    version: 1,
    key: (fields) => String((fields as { user_id: number }).user_id),
  })

const Id = Type.Integer({ minimum: 1 })
const Level = Type.Enum([...SAFETY_LEVELS])

export const AnalysisCompleted = define({
  type: 'AnalysisCompleted',
  summary:
    'user_id handed something in, and what was found in it is kept; a mood without a note has neither method nor cues',
  schema: Type.Object({
    user_id: Id,
    entry_id: Id,
    kind: Type.Enum(['text', 'voice', 'mood']),
    method: Type.Union([Type.Enum(['rules', 'openai', 'vertex']), Type.Null()]),
    cues: Type.Array(Type.Object({ cue: Type.Enum([...CUES]), strength: Type.Integer({ minimum: 1, maximum: 3 }) })),
    safety_level: Level,
    duration_ms: Type.Integer({ minimum: 0 }),
  }),
})

export const QuestionnaireAnswered = define({
  type: 'QuestionnaireAnswered',
  summary: 'user_id filled a questionnaire in: the band its sum is in, a screening',
  schema: Type.Object({
    user_id: Id,
    entry_id: Id,
    name: Type.Enum([...QUESTIONNAIRE_NAMES]),
    band: Type.String(),
    safety_level: Level,
  }),
})

export const CareDataErased = define({
  type: 'CareDataErased',
  summary: 'All that user_id had handed in is deleted: by themselves, or with their account',
  schema: Type.Object({ user_id: Id }),
})

export const careEvents = [AnalysisCompleted, QuestionnaireAnswered, CareDataErased] as const
