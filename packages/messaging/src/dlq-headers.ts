import type { TopicConfig } from './ports.ts'

/** Why and where a record failed. Header values are strings. */
export const DLQ_HEADERS = {
  error: 'dlq-error',
  code: 'dlq-error-code',
  group: 'dlq-group',
  topic: 'dlq-topic',
  partition: 'dlq-partition',
  offset: 'dlq-offset',
  attempts: 'dlq-attempts',
  failedAt: 'dlq-failed-at',
} as const

/** On a republished record: `<partition>:<offset>` of its dead letter. */
export const REPLAYED_OF = 'dlq-replayed-of'
/** On a republished record: the only group that takes it. */
export const REPLAY_GROUP = 'replay-group'
/** On a marker record in the DLQ topic: `<partition>:<offset>` of the dead letter that is no longer open. */
export const RESOLVED = 'dlq-resolved'
export const DLQ_RESOLVED_TYPE = 'DlqRecordResolved'

const DLQ_RETENTION_MS = 30 * 24 * 3_600_000

export const dlqTopic = (topic: string): string => `${topic}.dlq`
export const isDlqTopic = (topic: string): boolean => topic.endsWith('.dlq')

/** The topics and, for each, `<topic>.dlq`: one partition, kept 30 days. */
export function withDlq(topics: readonly TopicConfig[]): TopicConfig[] {
  return topics.flatMap((topic) => [
    topic,
    { name: dlqTopic(topic.name), partitions: 1, retentionMs: DLQ_RETENTION_MS },
  ])
}

const added = new Set<string>([...Object.values(DLQ_HEADERS), REPLAYED_OF, REPLAY_GROUP, RESOLVED])

/** The headers as the producer set them. */
export const withoutDlqHeaders = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !added.has(name)))
