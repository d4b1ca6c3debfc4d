import { withDlq } from '@bigtech/messaging'
import { keyFieldsOf } from './event-examples.ts'
import type { EventOfSystem, System } from './system.ts'

const DAY_MS = 86_400_000
const duration = (ms: number): string => (ms % DAY_MS === 0 ? `${ms / DAY_MS} d` : `${ms / 3_600_000} h`)

/** The generated parts of docs/events.md. */
export function eventTables(system: System): Record<string, string> {
  const { topics, events, consumers } = system
  const groupsOf = (topic: string) => consumers.filter((one) => one.topics.includes(topic)).map((one) => one.group)
  const topicRows = topics.map((topic) => {
    const [, dlq] = withDlq([topic]) as [typeof topic, typeof topic]
    const mine = events.filter((event) => event.topic === topic.name)
    return [
      `\`${topic.name}\``,
      topic.partitions,
      duration(topic.retentionMs),
      `\`${[...new Set(mine.map(keyFieldsOf))].join('`, `')}\``,
      mine[0]!.source.slice(1),
      groupsOf(topic.name).join(', ') || '– (none yet)',
      `\`${dlq.name}\`, ${duration(dlq.retentionMs)}`,
    ]
  })
  const sections = topics.map(({ name }) => {
    const rows = events
      .filter((event) => event.topic === name)
      .map((event) => [
        `\`${event.type}\``,
        event.summary,
        Object.entries(event.schema.properties)
          .map(([field, schema]) => `\`${field}\` ${typeOf(schema)}`)
          .join(', '),
        `\`${keyFieldsOf(event)}\``,
        handledBy(event, system).join(', ') || '–',
      ])
    return `### \`${name}\`\n\n${table(['event', 'meaning', 'fields', 'key', 'handled by'], rows)}`
  })
  return {
    topics: table(
      ['topic', 'partitions', 'retention', 'keys', 'producer', 'consumer groups', 'dead letters'],
      topicRows,
    ),
    events: sections.join('\n\n'),
  }
}

const handledBy = (event: EventOfSystem, { consumers }: System): string[] =>
  consumers
    .filter(({ topics, types }) => topics.includes(event.topic) && types.includes(event.type))
    .map(({ group }) => group)

/** A short word for a schema: `integer`, `string?` (may be null), `integer[]`, `direct/group`. */
function typeOf(schema: unknown): string {
  const { type, anyOf, items, enum: words, const: constant } = schema as Record<string, unknown>
  if (constant !== undefined) return JSON.stringify(constant).replaceAll('"', '')
  if (Array.isArray(words)) return words.join('/')
  if (type === 'array') return `${typeOf(items)}[]`
  if (Array.isArray(anyOf)) {
    const options = anyOf.map(typeOf)
    const nullable = options.includes('null') ? '?' : ''
    return options.filter((one) => one !== 'null').join('/') + nullable
  }
  return String(type)
}

export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cell = (value: string | number) => String(value).replaceAll('|', '\\|')
  const line = (cells: readonly (string | number)[]) => `| ${cells.map(cell).join(' | ')} |`
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n')
}
