import { languageOf, operation, principalOf, type App } from '@bigtech/http'
import type { Clock } from '@bigtech/kernel'
import { aiErrors } from '../../contract/errors.ts'
import { TrendQuery, TrendSchema } from '../../contract/trend-schemas.ts'
import type { EntryStore } from '../../ports.ts'
import { viewTrend } from '../../views/trend.ts'
import { rangeOf, trendOf } from './tell-trend.ts'

export type TrendPorts = Readonly<{
  entries: Pick<EntryStore, 'during' | 'lastAt'>
  clock: Clock
  /** Whose days it is by, unless another is asked for. */
  timeZone: string
}>

export function tellTrendHttp(app: App, { entries, clock, timeZone }: TrendPorts): void {
  app.get(
    '/care/trend',
    operation({
      id: 'getTrend',
      tag: 'care',
      summary: 'How you were from day to day, week to week or month to month, of what you handed in',
      querystring: TrendQuery,
      response: { 200: TrendSchema },
      errors: [aiErrors.TREND_RANGE_INVALID],
    }),
    async (request) => {
      const { tz = timeZone, ...asked } = request.query
      const range = rangeOf({ ...asked, tz }, clock.now())
      const trend = await trendOf(entries, principalOf(request).user_id, range)
      return viewTrend(trend, range, languageOf(request.headers['accept-language']))
    },
  )
}
