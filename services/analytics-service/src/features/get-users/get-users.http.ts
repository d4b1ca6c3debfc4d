import type { App } from '@bigtech/http'
import { isoTime } from '@bigtech/kernel'
import { questionHttp, type QuestionPorts } from '../../access/question.http.ts'
import { UsersSchema } from '../../contract/schemas.ts'
import type { Kind } from '../../domain/facts.ts'

export function getUsersHttp(app: App, ports: QuestionPorts): void {
  const { store } = ports
  questionHttp(app, ports, {
    name: 'users',
    id: 'getUserStatistics',
    summary: 'Active people over time (by day: DAU), new and closed accounts, and how far new ones got',
    schema: UsersSchema,
    async answer(scope) {
      const [people, counts, funnel] = await Promise.all([
        store.peopleCounts(scope),
        store.kindCounts(scope, ['registered', 'closed', 'signed_in']),
        store.funnel(scope),
      ])
      const items = scope.periods.map(({ start }, index) => {
        const those = people.find(({ period }) => period === index)
        const n = (kind: Kind) => counts.find((row) => row.period === index && row.kind === kind)?.count ?? 0
        return {
          start: isoTime(start),
          active: those?.active ?? 0,
          writers: those?.writers ?? 0,
          new_accounts: n('registered'),
          closed_accounts: n('closed'),
          sign_ins: n('signed_in'),
        }
      })
      return { items, funnel }
    },
    table: ({ items }) => items,
  })
}
