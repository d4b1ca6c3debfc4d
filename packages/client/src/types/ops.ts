/** For administrators. */

export type TopicState = {
  name: string
  partitions: { partition: number; start_offset: number; end_offset: number }[]
  retention_ms: number
}
export type StoredRecord = {
  topic: string
  key: string
  value: { event_id: string; event_type: string; timestamp: string } & Record<string, unknown>
  headers: Record<string, string>
  partition: number
  offset: number
  stored_at: number
}
export type GroupLag = {
  group: string
  topic: string
  partition: number
  committed_offset: number
  end_offset: number
  lag: number
}
/** Totals since the server started; rates are the difference of two. */
export type OpsMetrics = {
  /** epoch ms */
  at: number
  uptime_s: number
  messages_total: number
  deliveries_total: number
  connections: number
  requests: { service: string; total: number; errors: number }[]
  /** Requests that took at most `le` seconds, cumulative; the last, of all, has `le` null. */
  latency: { le: number | null; count: number }[]
  process: { rss_bytes: number; heap_used_bytes: number; cpu_s: number; loop_active_ms: number; loop_idle_ms: number }
}
export type StorageState = {
  total: { files: number; bytes: number }
  /** of one account */
  allowed: { files: number; bytes: number }
  accounts: { user_id: number; files: number; bytes: number }[]
}
export type OutboxState = { service: string; pending: number; parked: number; oldest_created_at: number | null }
export type ReportReason = 'spam' | 'abuse' | 'sexual' | 'illegal' | 'other'

export type Report = {
  id: number
  reporter_id: number
  user_id: number
  reason: ReportReason
  note: string
  message_ids: string[]
  created_at: string
}

export type ServiceHealth = { service: string; checks: Record<string, { status: 'up' | 'down'; detail?: string }> }
