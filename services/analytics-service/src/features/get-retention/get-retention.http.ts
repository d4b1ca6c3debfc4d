import type { App } from '@bigtech/http'
import { isoTime } from '@bigtech/kernel'
import { questionHttp, type QuestionPorts } from '../../access/question.http.ts'
import { RetentionSchema } from '../../contract/schemas.ts'

export function getRetentionHttp(app: App, ports: QuestionPorts): void {
  questionHttp(app, ports, {
    name: 'retention',
    id: 'getRetentionStatistics',
    summary: 'Of those who made an account in an interval, how many were active in each one after it',
    description: 'By week unless another `interval` is asked for.',
    interval: 'week',
    schema: RetentionSchema,
    async answer(scope) {
      const counts = await ports.store.cohorts(scope)
      const items = scope.periods.map(({ start }, cohort) => {
        const those = counts.filter((row) => row.cohort === cohort)
        const active = scope.periods
          .slice(cohort)
          .map((_, after) => those.find(({ period }) => period === cohort + after)?.active ?? 0)
        // Who registers is active in that moment.
        return { start: isoTime(start), registered: active[0]!, active }
      })
      return { items: items.filter(({ registered }) => registered > 0) }
    },
    table: ({ items }) =>
      items.flatMap(({ start, registered, active }) =>
        active.map((count, after) => ({ cohort: start, registered, after, active: count })),
      ),
  })
}
