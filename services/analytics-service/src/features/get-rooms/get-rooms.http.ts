import type { App } from '@bigtech/http'
import { isoTime } from '@bigtech/kernel'
import { questionHttp, type QuestionPorts } from '../../access/question.http.ts'
import { RoomsSchema } from '../../contract/schemas.ts'
import type { Kind } from '../../domain/facts.ts'
import { LATENCY_BOUNDS, quantile } from '../../domain/latency.ts'

const TOP = 20

export function getRoomsHttp(app: App, ports: QuestionPorts): void {
  const { store } = ports
  questionHttp(app, ports, {
    name: 'rooms',
    id: 'getRoomStatistics',
    summary: 'Rooms in use over time, how soon people answer each other, and how soon messages are read',
    schema: RoomsSchema,
    async answer(scope) {
      const [active, counts, top, { response, delivery }] = await Promise.all([
        store.roomCounts(scope),
        store.kindCounts(scope, ['direct_made', 'group_made', 'added_members']),
        store.topRooms(scope, TOP),
        store.latencies(scope),
      ])
      const items = scope.periods.map(({ start }, index) => {
        const n = (kind: Kind) => counts.find((row) => row.period === index && row.kind === kind)?.count ?? 0
        return {
          start: isoTime(start),
          active: active.find(({ period }) => period === index)?.active ?? 0,
          new_direct: n('direct_made'),
          new_group: n('group_made'),
          joined: n('added_members'),
        }
      })
      return { items, top, response: latencyView(response), delivery: latencyView(delivery) }
    },
    table: ({ items }) => items,
  })
}

const latencyView = (counts: readonly number[]) => ({
  count: counts.reduce((sum, n) => sum + n, 0),
  median_ms: quantile(counts, 0.5),
  p90_ms: quantile(counts, 0.9),
  classes: counts.map((count, index) => ({ up_to_ms: LATENCY_BOUNDS[index]!, count })),
})
