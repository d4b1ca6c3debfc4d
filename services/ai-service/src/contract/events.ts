import { Type } from 'typebox'
import { defineCareEvent as define } from './care-event.ts'
import { CUES, QUESTIONNAIRE_NAMES, SAFETY_LEVELS } from './kinds.ts'
import { linkEvents } from './link-events.ts'

export { CARE_TOPIC, careTopics } from './care-event.ts'
export * from './link-events.ts'

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

export const careEvents = [AnalysisCompleted, QuestionnaireAnswered, CareDataErased, ...linkEvents] as const
