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
export type ProcessUse = {
  rss_bytes: number
  heap_used_bytes: number
  cpu_s: number
  loop_active_ms: number
  loop_idle_ms: number
}
/** A process that runs one service or several; another `id` after each start. */
export type OpsProcess = ProcessUse & { id: string; name: string; services: string[]; uptime_s: number }
/** Totals since the start of each process; rates are the difference of two, of the same processes. */
export type OpsMetrics = {
  /** epoch ms */
  at: number
  /** of the process that runs longest */
  uptime_s: number
  messages_total: number
  deliveries_total: number
  connections: number
  requests: { service: string; total: number; errors: number }[]
  /** Requests that took at most `le` seconds, cumulative; the last, of all, has `le` null. */
  latency: { le: number | null; count: number }[]
  /** all together */
  process: ProcessUse
  /** those that answered */
  processes: OpsProcess[]
  /** those that did not: nothing of theirs is in the totals */
  away: { service: string; name: string; detail: string }[]
}
export type StorageState = {
  total: { files: number; bytes: number }
  /** of one account */
  allowed: { files: number; bytes: number }
  accounts: { user_id: number; files: number; bytes: number }[]
}
/** A partition of the chats. Documents are counted from 1. */
export type PartitionState = {
  partition: number
  /** null when none of the processes that answered writes it */
  owner: {
    process: string
    term: number
    /** false while it takes over: then the rest is not known */
    is_serving: boolean
    n: number
    unapplied: number
    unpublished: number | null
    waiting: number
  } | null
  seen: { process: string; n: number }[]
}
export type OutboxState = { service: string; pending: number; parked: number; oldest_created_at: number | null }
export type ReportReason = 'spam' | 'abuse' | 'sexual' | 'illegal' | 'other'

export type ReportStatus = 'open' | 'handled'

export type Report = {
  id: number
  reporter_id: number
  user_id: number
  reason: ReportReason
  note: string
  message_ids: string[]
  created_at: string
  status: ReportStatus
  /** The administrator who looked after it; null while it is open. */
  handled_by: number | null
  handled_at: string | null
}

export type CheckStates = Record<string, { status: 'up' | 'down'; detail?: string; essential?: false }>
export type ServiceHealth = {
  service: string
  /** what is down for any instance, and instances that do not answer */
  checks: CheckStates
  /** `process` as in OpsMetrics; null while it does not answer */
  instances: { name: string; process: string | null; status: 'up' | 'down'; detail?: string; checks: CheckStates }[]
}
