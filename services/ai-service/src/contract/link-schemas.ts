import { Type } from 'typebox'
import { ALERT_KINDS, READ_KINDS } from './kinds.ts'

export const Id = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
const Moment = Type.String({ format: 'date-time', examples: ['2026-11-28T12:00:00.000Z'] })
const OptionalMoment = Type.Union([Moment, Type.Null()], { examples: [null] })

export const SharesSchema = Type.Object(
  {
    trends: Type.Boolean({ description: 'the guardian sees how the senior is over time' }),
    crisis: Type.Boolean({ description: 'the guardian is told of a crisis' }),
    needs_renewal: Type.Boolean({
      description: 'one of the two was agreed to in older words: it counts no more, and the senior is asked again',
      examples: [false],
    }),
  },
  { $id: 'CareShares', description: 'what the senior agreed to; accepting the link by itself shares nothing' },
)

export const LinkSchema = Type.Object(
  {
    id: Id,
    senior_id: Id,
    guardian_id: Id,
    asked_by: Id,
    state: Type.Enum(['asked', 'accepted']),
    created_at: Moment,
    accepted_at: OptionalMoment,
    shares: SharesSchema,
  },
  { $id: 'CareLink' },
)

export const LinkAskSchema = Type.Object(
  {
    user_id: Id,
    role: Type.Enum(['guardian', 'senior'], { description: 'what the other one is to be' }),
  },
  { $id: 'CareLinkAsk', additionalProperties: false },
)

const MOST_NOTE = 2_000

export const NoteSchema = Type.Object(
  {
    id: Id,
    senior_id: Id,
    author_id: Id,
    text: Type.String({ examples: ['점심을 같이 먹었습니다. 무릎이 아프다고 하십니다.'] }),
    created_at: Moment,
  },
  { $id: 'CareNote' },
)

export const NewNoteSchema = Type.Object(
  {
    text: Type.String({
      minLength: 1,
      maxLength: MOST_NOTE,
      pattern: '\\S',
      examples: ['점심을 같이 먹었습니다. 무릎이 아프다고 하십니다.'],
    }),
  },
  { $id: 'NewCareNote', additionalProperties: false },
)

export const AlertRulesSchema = Type.Object(
  {
    quiet_days: Type.Union([Type.Integer({ minimum: 1, maximum: 30 }), Type.Null()], {
      description: 'after so many days without a sign of life; null: never',
      examples: [3],
    }),
    questionnaire: Type.Boolean({ description: 'of a questionnaire whose band is moderate or above' }),
    cues: Type.Boolean({
      description: 'of a strong cue, and when in seven days three more entries had cues than in the seven before',
    }),
  },
  { $id: 'CareAlertRules', additionalProperties: false },
)

export const AlertSchema = Type.Object(
  {
    id: Id,
    senior_id: Id,
    kind: Type.Enum([...ALERT_KINDS]),
    raised_at: Moment,
    read_at: OptionalMoment,
  },
  { $id: 'CareAlert' },
)

export const AlertsReadSchema = Type.Union([
  Type.Object(
    { ids: Type.Array(Id, { minItems: 1, maxItems: 200, examples: [[1, 2]] }) },
    { additionalProperties: false },
  ),
  Type.Object({ all: Type.Literal(true) }, { additionalProperties: false }),
])

export const UnreadAlertsSchema = Type.Object({ unread_count: Type.Integer({ minimum: 0 }) })

export const ReadSchema = Type.Object(
  { id: Id, reader_id: Id, what: Type.Enum([...READ_KINDS]), at: Moment },
  { $id: 'CareRead', description: 'that a guardian got to know something; one an hour, reader and kind' },
)
