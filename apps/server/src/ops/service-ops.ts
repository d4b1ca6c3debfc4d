import type { CheckState, Document } from '@bigtech/http'
import type { Outbox, ParkedRow } from '@bigtech/messaging'
import type { Static } from 'typebox'
import type { ReportStatus, ReportView, StorageState } from './ops.schemas.ts'
import type { PartitionHere } from './partitions.ts'
import type { ServiceUsage } from './service-usage.ts'

export type OutboxStats = Awaited<ReturnType<Outbox['stats']>>
type Status = Static<typeof ReportStatus>
export type ReportsPage = Readonly<{ before?: number | undefined; limit: number; status?: Status | undefined }>
export type ReportMark = Readonly<{ id: number; status: Status; /** an administrator */ by: number }>

/**
 * What one process says of one of its services, and what an operator may have it do. In the same process (local-ops.ts) or over its internal
 * port (remote-ops.ts); both pass `service-ops.contract.ts`.
 *
 * A call that fails with an error of kind `unavailable` says that this instance cannot answer; another one of the service may.
 * The signal ends the waiting of a remote call.
 */
export type ServiceOps = Readonly<{
  /** What an operator knows it by: its node, or its host and port. */
  name: string
  usage(signal?: AbortSignal): Promise<ServiceUsage>
  /** Its dependencies, and its process (ServiceUsage has the same id). It answers within 1.5 s, whatever they do. */
  health(signal?: AbortSignal): Promise<{ process: string; checks: Record<string, CheckState> }>
  /** Its OpenAPI document, as its own port has it. */
  document(signal?: AbortSignal): Promise<Document>
  /** All instances of a service share one. */
  outbox?: OutboxOps
  /** What files take, and of the accounts that use most so many. */
  storage?(limit: number, signal?: AbortSignal): Promise<Static<typeof StorageState>>
  /** All instances of a service share them. */
  reports?: ReportOps
  /** Of the log that it shares with others, each partition. */
  partitions?(signal?: AbortSignal): Promise<Static<typeof PartitionHere>[]>
}>

export type ReportOps = Readonly<{
  /** Newest first. */
  list(page: ReportsPage, signal?: AbortSignal): Promise<Static<typeof ReportView>[]>
  /** Repeatable. @returns the report as it now is; undefined if there is none */
  mark(mark: ReportMark, signal?: AbortSignal): Promise<Static<typeof ReportView> | undefined>
}>

export type OutboxOps = Readonly<{
  stats(signal?: AbortSignal): Promise<OutboxStats>
  parked(limit: number, signal?: AbortSignal): Promise<ParkedRow[]>
  /** They are published at once, not with the next round of the relay. Repeatable. */
  unpark(ids: readonly string[], signal?: AbortSignal): Promise<void>
}>
