import { languageOf, operation, principalOf, type App } from '@bigtech/http'
import type { Clock } from '@bigtech/kernel'
import { Type } from 'typebox'
import { readerOf } from '../../access/reader.http.ts'
import { accessSenior, mayBeTold, mayLookAt, sharesOf, stillBeside, type AccessPorts } from '../../access/senior.ts'
import { aiErrors } from '../../contract/errors.ts'
import { SeniorsSchema, SharedTrendSchema } from '../../contract/guardian-schemas.ts'
import { Id } from '../../contract/link-schemas.ts'
import { TrendQuery } from '../../contract/trend-schemas.ts'
import { DAY_MS } from '../../domain/alert-rules.ts'
import { MOST_LINKS } from '../../domain/link.ts'
import type { AlertStore, LinkStore, WatchStore } from '../../link-ports.ts'
import type { EntryStore } from '../../ports.ts'
import { viewTrend } from '../../views/trend.ts'
import { rangeOf, trendOf, type TrendRange } from '../tell-trend/tell-trend.ts'

export type LookAfterPorts = AccessPorts &
  Readonly<{
    entries: Pick<EntryStore, 'during' | 'lastAt'>
    links: Pick<LinkStore, 'seniorsOf'>
    watches: Pick<WatchStore, 'looks'>
    alerts: Pick<AlertStore, 'unread'>
    clock: Clock
    /** Whose days it is by, unless another is asked for. */
    timeZone: string
  }>

type Language = 'ko' | 'en'

/** How those are whom somebody looks after: kinds and numbers, no words. */
export function trendHttp(app: App, ports: LookAfterPorts): void {
  const { consents, entries, links, watches, alerts, clock, timeZone } = ports

  /** The safety level is for whom the senior agreed to have told of a crisis. */
  async function sharedTrend(seniorId: number, reader: number, range: TrendRange, language: Language) {
    const trend = viewTrend(await trendOf(entries, seniorId, range), range, language)
    const isTold = reader === seniorId || mayBeTold(await consents.open(seniorId), reader)
    const periods = trend.periods.map(({ safety, ...period }) => ({ ...period, safety: isTold ? safety : null }))
    return { ...trend, periods }
  }

  app.get(
    '/care/:senior_id/trend',
    operation({
      id: 'getSharedTrend',
      tag: 'care',
      summary: 'How somebody you look after was from day to day, week to week or month to month; of yourself too',
      description: 'Only as long as they agree to it; they see that you looked. No texts, phrases or single answers.',
      params: Type.Object({ senior_id: Id }),
      querystring: TrendQuery,
      response: { 200: SharedTrendSchema },
      errors: [aiErrors.SENIOR_NOT_FOUND, aiErrors.TREND_RANGE_INVALID],
    }),
    async (request) => {
      const { user_id } = principalOf(request)
      const { senior_id } = request.params
      const now = clock.now()
      const isSelf = (await accessSenior(ports, readerOf(request), senior_id)) === 'self'
      const { tz = timeZone, ...asked } = request.query
      const range = rangeOf({ ...asked, tz }, now)
      const trend = await sharedTrend(senior_id, user_id, range, languageOf(request.headers['accept-language']))
      // It may have been taken back meanwhile.
      const looked = { senior_id, guardian_id: user_id, what: 'trend', now } as const
      if (!isSelf && !(await watches.looks(looked))) throw aiErrors.SENIOR_NOT_FOUND()
      return trend
    },
  )

  app.get(
    '/care/seniors',
    operation({
      id: 'listSeniors',
      tag: 'care',
      summary: `Those you look after who let you see how they are (at most ${MOST_LINKS}), each with this week`,
      response: { 200: SeniorsSchema },
    }),
    async (request) => {
      const { user_id: reader } = principalOf(request)
      const language = languageOf(request.headers['accept-language'])
      const now = clock.now()
      const range = rangeOf({ by: 'week', tz: timeZone }, now)
      const unread = await alerts.unread(reader)
      const linked = await links.seniorsOf(reader)
      const asked = linked.map(({ senior_id }) => senior_id)
      const beside = await stillBeside(ports, readerOf(request), asked)
      const rows = linked.map(async ({ id: link_id, senior_id }) => {
        const open = await consents.open(senior_id)
        if (!beside.has(senior_id) || !mayLookAt(open, reader)) return []
        const { periods, last_sign_of_life } = await sharedTrend(senior_id, reader, range, language)
        if (!(await watches.looks({ senior_id, guardian_id: reader, what: 'overview', now }))) return []
        const since = last_sign_of_life === null ? null : now - Date.parse(last_sign_of_life)
        return [
          {
            senior_id,
            link_id,
            shares: sharesOf(open, reader),
            last_sign_of_life,
            days_since: since === null ? null : Math.max(0, Math.floor(since / DAY_MS)),
            week: periods.at(-1)!,
            unread_alerts: unread.get(senior_id) ?? 0,
          },
        ]
      })
      return { items: (await Promise.all(rows)).flat() }
    },
  )
}
