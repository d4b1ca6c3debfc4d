import { Type } from 'typebox'
import { SAFETY_LEVELS } from './kinds.ts'
import { Id, SharesSchema } from './link-schemas.ts'
import { Moment } from './schemas.ts'
import { TrendSchema } from './trend-schemas.ts'

const { periods, ...trend } = TrendSchema.properties

const SharedPeriodSchema = Type.Object({
  ...periods.items.properties,
  safety: Type.Union([Type.Enum([...SAFETY_LEVELS]), Type.Null()], {
    description: 'the most serious level of the period; null for who is not to be told of a crisis',
  }),
})

/** A trend as whom it is of lets somebody see it. */
export const SharedTrendSchema = Type.Object(
  {
    ...trend,
    periods: Type.Array(SharedPeriodSchema, {
      description: 'all of the range, also those in which nothing was handed in',
    }),
  },
  { $id: 'SharedCareTrend' },
)

export const SeniorSchema = Type.Object(
  {
    senior_id: Id,
    link_id: Id,
    shares: SharesSchema,
    last_sign_of_life: Type.Union([Moment, Type.Null()], { description: 'when anything was handed in last' }),
    days_since: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], {
      description: 'whole days since then',
      examples: [0],
    }),
    week: SharedPeriodSchema,
    unread_alerts: Type.Integer({ minimum: 0 }),
  },
  { $id: 'CareSenior' },
)
export const SeniorsSchema = Type.Object({ items: Type.Array(SeniorSchema) }, { $id: 'CareSeniors' })
