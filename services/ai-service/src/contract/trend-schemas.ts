import { Type } from 'typebox'
import { CUES, QUESTIONNAIRE_NAMES, SAFETY_LEVELS } from './kinds.ts'
import { Moment } from './schemas.ts'

const Day = (description: string, example: string) =>
  Type.Optional(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description, examples: [example] }))

export const TrendQuery = Type.Object({
  by: Type.Enum(['day', 'week', 'month'], { default: 'day', description: 'weeks begin on Monday' }),
  from: Day('first day; default: 30 days up to `to`', '2026-01-27'),
  to: Day('last day; default and latest: today', '2026-02-25'),
  tz: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 64,
      description: 'IANA name of a time zone; default: that of the installation',
      examples: ['Asia/Seoul'],
    }),
  ),
})

const Mean = Type.Union([Type.Number({ minimum: 0, maximum: 100 }), Type.Null()], { examples: [12.5] })

const PeriodSchema = Type.Object({
  start: Moment,
  end: Type.String({ format: 'date-time', description: 'not included', examples: ['2026-11-29T12:00:00.000Z'] }),
  entries: Type.Integer({ minimum: 0, description: 'that were handed in', examples: [3] }),
  mood: Type.Union([
    Type.Object({
      mean: Type.Number({ minimum: 1, maximum: 5, examples: [3.5] }),
      count: Type.Integer({ minimum: 1 }),
    }),
    Type.Null(),
  ]),
  cues: Type.Array(
    Type.Object({
      cue: Type.Enum([...CUES]),
      entries: Type.Integer({ minimum: 1, description: 'in how many it was found', examples: [2] }),
      strongest: Type.Integer({ minimum: 1, maximum: 3, examples: [2] }),
    }),
  ),
  scores: Type.Object(
    { depression: Mean, anxiety: Mean, cognitive: Mean },
    { description: 'means of what was analysed: strength of cues, no diagnosis. Of cognitive more is better' },
  ),
  questionnaires: Type.Array(
    Type.Object({
      name: Type.Enum([...QUESTIONNAIRE_NAMES]),
      score: Type.Integer({ minimum: 0, examples: [11] }),
      max: Type.Integer({ minimum: 1, examples: [27] }),
      band: Type.String({ examples: ['moderate'] }),
      band_text: Type.String({ examples: ['중간'] }),
      at: Moment,
    }),
  ),
  safety: Type.Enum([...SAFETY_LEVELS], { description: 'the most serious level of the period' }),
})

export const TrendSchema = Type.Object(
  {
    by: Type.Enum(['day', 'week', 'month']),
    tz: Type.String({ examples: ['Asia/Seoul'] }),
    periods: Type.Array(PeriodSchema, {
      description: 'all of the range, also those in which nothing was handed in; the first and the last may be cut',
    }),
    last_sign_of_life: Type.Union([Moment, Type.Null()], { description: 'when anything was handed in last' }),
  },
  { $id: 'CareTrend' },
)
