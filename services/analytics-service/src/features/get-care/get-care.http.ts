import type { App } from '@bigtech/http'
import { isoTime } from '@bigtech/kernel'
import { questionHttp, type QuestionPorts } from '../../access/question.http.ts'
import { CareSchema } from '../../contract/schemas.ts'

export function getCareHttp(app: App, ports: QuestionPorts): void {
  questionHttp(app, ports, {
    name: 'care',
    id: 'getCareStatistics',
    summary: 'What people handed in of how they are, by week, in groups of five people and more',
    description:
      'Always by week: ai-service counts a week when it is over, and tells nothing of fewer than five people. Who they are is not known here. `interval` changes nothing.',
    only: 'week',
    schema: CareSchema,
    async answer(scope) {
      const counts = await ports.store.careCounts(scope)
      const items = counts
        .filter(({ measure }) => measure === 'all')
        .map(({ start, entries, people }) => {
          const groups = counts.filter((one) => one.start === start && one.measure !== 'all')
          return {
            start: isoTime(start),
            entries,
            people,
            groups: groups.map(({ measure, entries: some, people: of }) => ({ measure, entries: some, people: of })),
          }
        })
      return { items }
    },
    table: ({ items }) =>
      items.flatMap(({ start, entries, people, groups }) => [
        { start, measure: 'all', entries, people },
        ...groups.map((group) => ({ start, ...group })),
      ]),
  })
}
