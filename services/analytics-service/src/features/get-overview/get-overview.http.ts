import type { App } from '@bigtech/http'
import { isoTime } from '@bigtech/kernel'
import { questionHttp, type QuestionPorts } from '../../access/question.http.ts'
import { OverviewSchema } from '../../contract/schemas.ts'
import type { Figures } from '../../ports.ts'

export function getOverviewHttp(app: App, ports: QuestionPorts): void {
  questionHttp(app, ports, {
    name: 'overview',
    id: 'getStatisticsOverview',
    summary: 'How much goes on: people, accounts, messages and rooms, beside the time before',
    schema: OverviewSchema,
    async answer(scope) {
      const [{ range, before }, { facts, first_at, last_at }] = await Promise.all([
        ports.store.figures(scope),
        ports.store.totals(),
      ])
      return {
        range: withStickiness(range),
        before: {
          from: isoTime(scope.before.start),
          to: isoTime(scope.before.end),
          figures: withStickiness(before),
        },
        facts,
        first_at: timeOf(first_at),
        last_at: timeOf(last_at),
      }
    },
    table: ({ range, before }) =>
      (Object.keys(range) as (keyof typeof range)[]).map((figure) => ({
        figure,
        range: range[figure],
        before: before.figures[figure],
      })),
  })
}

const timeOf = (at: number | null): string | null => (at === null ? null : isoTime(at))

const withStickiness = (figures: Figures) => ({
  ...figures,
  stickiness: figures.monthly_active === 0 ? null : figures.daily_active / figures.monthly_active,
})
