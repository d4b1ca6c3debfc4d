import type { CallOptions, Http } from '../http/http.ts'
import type {
  GroupLag,
  OpsMetrics,
  OutboxState,
  PartitionState,
  Report,
  ReportStatus,
  ServiceHealth,
  StorageState,
  StoredRecord,
  TopicState,
} from '../types.ts'

type Items<T> = { items: T[] }

/** What only administrators may ask. Dead letters come as the server has them. */
export const opsApi = (http: Http) => ({
  topics: (options?: CallOptions): Promise<Items<TopicState>> => http.json({ ...options, path: '/ops/topics' }),
  /** Oldest first from an offset; the newest without one. */
  records: (
    topic: string,
    query: { partition?: number; offset?: number; limit?: number } = {},
    options?: CallOptions,
  ): Promise<Items<StoredRecord> & { next_offset: number | null }> =>
    http.json({ ...options, path: `/ops/topics/${encodeURIComponent(topic)}/messages`, query }),
  metrics: (options?: CallOptions): Promise<OpsMetrics> => http.json({ ...options, path: '/ops/metrics' }),
  /** What files take, and whose. */
  storage: (options?: CallOptions): Promise<StorageState> => http.json({ ...options, path: '/ops/storage' }),
  lag: (options?: CallOptions): Promise<Items<GroupLag>> => http.json({ ...options, path: '/ops/lag' }),
  /** Of the chats; none where one process writes everything. `away`: processes that do not answer. */
  partitions: (options?: CallOptions): Promise<Items<PartitionState> & { away: { name: string; detail: string }[] }> =>
    http.json({ ...options, path: '/ops/partitions' }),
  /** `away`: services of which no process answers. */
  outboxes: (options?: CallOptions): Promise<Items<OutboxState> & { away: string[] }> =>
    http.json({ ...options, path: '/ops/outbox' }),
  parked: (service: string, options?: CallOptions): Promise<Items<Record<string, unknown>>> =>
    http.json({ ...options, path: `/ops/outbox/${encodeURIComponent(service)}/parked` }),
  unpark: (service: string, ids: readonly string[], options?: CallOptions): Promise<void> =>
    http.json({
      ...options,
      method: 'POST',
      path: `/ops/outbox/${encodeURIComponent(service)}/unpark`,
      json: { ids },
      repeat: 'nature',
    }),
  deadLetters: (
    query: { topic?: string | undefined } = {},
    options?: CallOptions,
  ): Promise<Items<Record<string, unknown>>> => http.json({ ...options, path: '/ops/dlq', query }),
  /** All dead letters of a topic without offsets. */
  replay: (
    letters: { topic: string; offsets?: readonly number[] },
    options?: CallOptions,
  ): Promise<{ replayed: number }> =>
    http.json({ ...options, method: 'POST', path: '/ops/dlq/replay', json: letters, repeat: 'never' }),
  /** What people reported of others, newest first. */
  reports: (
    query: { before?: number; limit?: number; status?: ReportStatus } = {},
    options?: CallOptions,
  ): Promise<Items<Report>> => http.json({ ...options, path: '/ops/reports', query }),
  /** Handled by oneself, now; or open again. */
  markReport: (id: number, status: ReportStatus, options?: CallOptions): Promise<Report> =>
    http.json({ ...options, method: 'PATCH', path: `/ops/reports/${id}`, json: { status } }),
  health: (options?: CallOptions): Promise<Items<ServiceHealth>> => http.json({ ...options, path: '/ops/health' }),
})
