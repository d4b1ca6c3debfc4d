/** Words: a *topic* has *partitions*; a record's *key* picks the partition; a consumer *group* has one *offset* a partition. */

/** The flat JSON value of an event, as in the source documents: these four fields and the event's own. */
export type EventValue = Readonly<{ event_id: string; event_type: string; timestamp: string } & Record<string, unknown>>

export type EventRecord = Readonly<{
  topic: string
  /** Records of one key stay in order. */
  key: string
  value: EventValue
  /** CloudEvents 1.0 binary mode (`ce_id`, `ce_type`, `ce_source`, `ce_specversion`, `ce_time`), `content-type`, `traceparent`. */
  headers: Readonly<Record<string, string>>
}>

export type StoredRecord = EventRecord & Readonly<{ partition: number; offset: number; stored_at: number }>

export type TopicConfig = Readonly<{ name: string; partitions: number; retentionMs: number }>

export type TopicState = Readonly<{
  name: string
  partitions: readonly Readonly<{ partition: number; start_offset: number; end_offset: number }>[]
  retention_ms: number
}>
export type GroupLag = Readonly<{
  group: string
  topic: string
  partition: number
  committed_offset: number
  end_offset: number
  lag: number
}>

/** Handles one record. It must be idempotent (see Inbox). A throw is retried by the runner, then dead-lettered. */
export type EventHandler = (record: StoredRecord) => Promise<void>

/**
 * Handles up to `most` records of one partition, in their order, as one: the offset moves when it resolves, and when it throws all of them
 * come again, perhaps in other groups.
 */
export type BatchHandler = Readonly<{
  most: number
  handle(this: void, records: readonly StoredRecord[]): Promise<void>
  /** Changes nothing. @throws MalformedEvent for one that `handle` would throw it for */
  check?(this: void, record: StoredRecord): void
}>

/** What adapters work with: one record after the other is a batch of one. */
export const asBatch = (handler: EventHandler | BatchHandler): BatchHandler =>
  typeof handler === 'function' ? { most: 1, handle: ([record]) => handler(record!) } : handler

export type Subscription = { close(): Promise<void> }

/**
 * The event bus: embedded log (SQLite) or Kafka. Every adapter passes `event-bus.contract.ts`.
 *
 * - `publish` resolves when all records are durable; on rejection none, some or all may be stored (publishers retry:
 *   at least once). Records of one key keep the order of the calls and of the array. An outage rejects with an AppError of kind
 *   `unavailable` (retry); any other rejection means that a record can never be stored: UNKNOWN_TOPIC, RECORD_TOO_LARGE.
 * - `subscribe` delivers every record from the group's committed offset on, at least once, in order per partition; different
 *   partitions may run in parallel. The offset is committed only after the handler resolved. A new group starts at the oldest
 *   record (`from: 'earliest'`, the default) or after the newest (`'latest'`).
 *   A handler that throws gets the same record again after a pause, and that partition waits: use `runConsumer`, which
 *   retries, then dead-letters. Subscriptions of one group share the partitions; each partition is handled by one at a time.
 * - `close` of a subscription waits for the running handler and commits. A handler that throws while its subscription closes leaves
 *   its record uncommitted, to be delivered again.
 * - `ensureTopics` creates topics, updates retention and adds partitions (which moves keys); it never removes any.
 */
export interface EventBus {
  ensureTopics(topics: readonly TopicConfig[]): Promise<void>
  publish(records: readonly EventRecord[]): Promise<void>
  subscribe(options: {
    group: string
    topics: readonly string[]
    from?: 'earliest' | 'latest'
    handler: EventHandler | BatchHandler
  }): Promise<Subscription>
  admin: EventBusAdmin
  close(): Promise<void>
}

export interface EventBusAdmin {
  /** Of those whose name starts with the prefix; all without one. What is deleted meanwhile is left out. */
  topics(prefix?: string): Promise<TopicState[]>
  /** Of the groups whose name starts with the prefix; of all without one. */
  lag(prefix?: string): Promise<GroupLag[]>
  /** Up to `limit` records of a partition from `offset` on, oldest first; pruned ones are left out. */
  read(options: { topic: string; partition: number; offset: number; limit: number }): Promise<StoredRecord[]>
  /** Deletes what retention no longer keeps; returns the number of records. Adapters also do it on their own; Kafka does no more than that: 0. */
  prune(now: number): Promise<number>
}

/** `id` is the outbox's own name for a row, whatever it is made of. */
export type OutboxRow = Readonly<{ id: string; record: EventRecord; attempts: number; created_at: number }>

export type ParkedRow = OutboxRow & Readonly<{ last_error: string | null }>

/**
 * The outbox of one service: rows are inserted in the transaction of the change they tell of.
 *
 * - `claim` returns the oldest unpublished, unparked rows (order of insertion) if `owner` holds or can take the single lease
 *   on this outbox, else nothing: one relay at a time keeps the order per key; the lease of a dead relay expires. After a claim
 *   that returned rows the lease lasts for at least half of `leaseMs`.
 * - `published` removes rows (or marks them); `failed` counts an attempt; `park` sets one aside that can never be published,
 *   until an operator puts it back with `unpark` (attempts start at 0 again; its place in the order per key is lost).
 */
export interface Outbox {
  claim(options: { owner: string; limit: number; leaseMs: number; now: number }): Promise<OutboxRow[]>
  published(ids: readonly string[]): Promise<void>
  failed(ids: readonly string[], error: string): Promise<void>
  park(id: string, error: string): Promise<void>
  parked(options: { limit: number }): Promise<ParkedRow[]>
  /** Ids it does not know, or never gave, are passed over. */
  unpark(ids: readonly string[]): Promise<void>
  stats(): Promise<{ pending: number; parked: number; oldest_created_at: number | null }>
  release(owner: string): Promise<void>
}
