import type { App } from '@bigtech/http'
import { isoTime } from '@bigtech/kernel'
import { questionHttp, type QuestionPorts } from '../../access/question.http.ts'
import { MessagesSchema } from '../../contract/schemas.ts'
import { MESSAGE_TYPES } from '../../domain/facts.ts'
import { LANGUAGES } from '../../domain/text.ts'

export function getMessagesHttp(app: App, ports: QuestionPorts): void {
  const { store } = ports
  questionHttp(app, ports, {
    name: 'messages',
    id: 'getMessageStatistics',
    summary: 'Messages over time, by type, by language and by hour of the day',
    schema: MessagesSchema,
    async answer(scope) {
      const [counts, others, byHour] = await Promise.all([
        store.messageCounts(scope),
        store.kindCounts(scope, ['edited', 'deleted', 'reacted']),
        store.hoursOfDay(scope),
      ])
      const items = scope.periods.map(({ start }, index) => {
        const those = counts.filter(({ period }) => period === index)
        const sum = (pick: (row: (typeof those)[number]) => number) =>
          those.reduce((total, row) => total + pick(row), 0)
        const ofType = (name: (typeof MESSAGE_TYPES)[number]) =>
          sum(({ type, messages }) => (MESSAGE_TYPES[type] === name ? messages : 0))
        const n = (kind: string) => others.find((other) => other.period === index && other.kind === kind)?.count ?? 0
        return {
          start: isoTime(start),
          messages: sum(({ messages }) => messages),
          text: ofType('text'),
          image: ofType('image'),
          file: ofType('file'),
          voice: ofType('voice'),
          other: ofType('other'),
          characters: sum(({ characters }) => characters),
          with_file: sum(({ with_file }) => with_file),
          with_mention: sum(({ with_mention }) => with_mention),
          edited: n('edited'),
          deleted: n('deleted'),
          reactions: n('reacted'),
        }
      })
      const languages = LANGUAGES.map((language, index) => {
        const those = counts.filter((row) => row.language === index)
        return [language, those.reduce((total, { messages }) => total + messages, 0)] as const
      })
      return { items, by_language: Object.fromEntries(languages.filter(([, n]) => n > 0)), by_hour: byHour }
    },
    table: ({ items }) => items,
  })
}
