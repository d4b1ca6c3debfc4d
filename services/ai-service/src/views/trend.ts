import { isoTime } from '@bigtech/kernel'
import type { Static } from 'typebox'
import type { TrendSchema } from '../contract/trend-schemas.ts'
import type { Summary } from '../domain/trend.ts'
import { bandText } from './entry.ts'

type TrendView = Static<typeof TrendSchema>

export const viewTrend = (
  { periods, last_sign_of_life }: Readonly<{ periods: readonly Summary[]; last_sign_of_life: number | null }>,
  { by, tz }: Pick<TrendView, 'by' | 'tz'>,
  language: 'ko' | 'en',
): TrendView => ({
  by,
  tz,
  periods: periods.map((period) => ({
    ...period,
    start: isoTime(period.start),
    end: isoTime(period.end),
    cues: period.cues.map((one) => ({ ...one })),
    questionnaires: period.questionnaires.map((one) => ({
      ...one,
      band_text: bandText(one, language),
      at: isoTime(one.at),
    })),
  })),
  last_sign_of_life: last_sign_of_life === null ? null : isoTime(last_sign_of_life),
})
