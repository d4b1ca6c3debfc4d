import { runChecks, type App, type Document, type ReadinessCheck } from '@bigtech/http'
import type { FriendModule } from '@bigtech/friend-service'
import { isoTime } from '@bigtech/kernel'
import type { Outbox } from '@bigtech/messaging'
import type { PartitionStatus } from '@bigtech/partition-log'
import type { Metrics } from '@bigtech/telemetry'
import { toldHere } from './partitions.ts'
import { PROCESS_ID, readUsage } from './service-usage.ts'
import type { ReportOps, ServiceOps } from './service-ops.ts'

/** ms. Less than what is waited for an instance: one whose database hangs says so, instead of seeming away itself. */
const CHECK_MS = 1_500

export type LocalParts = Readonly<{
  name: string
  /** The service's own host. */
  app: App
  metrics: Metrics
  readiness: Readonly<Record<string, ReadinessCheck>>
  outbox?: Readonly<{ outbox: Outbox; notify(): void }>
  storage?: NonNullable<ServiceOps['storage']>
  reports?: FriendModule['reports']
  partitions?: () => readonly PartitionStatus[]
}>

/** A service of this process. */
export function createLocalOps(parts: LocalParts): ServiceOps {
  const { name, app, metrics, readiness, outbox: owned, storage, reports, partitions } = parts
  return {
    name,
    usage: () => readUsage(metrics),
    health: async () => ({ process: PROCESS_ID, checks: await runChecks(readiness, CHECK_MS) }),
    document: async () => app.swagger() as Document,
    ...(owned ? { outbox: outboxOps(owned) } : {}),
    ...(storage ? { storage } : {}),
    ...(reports ? { reports: reportsOps(reports) } : {}),
    ...(partitions ? { partitions: async () => toldHere(partitions()) } : {}),
  }
}

const outboxOps = ({ outbox, notify }: NonNullable<LocalParts['outbox']>): NonNullable<ServiceOps['outbox']> => ({
  stats: () => outbox.stats(),
  parked: (limit) => outbox.parked({ limit }),
  async unpark(ids) {
    await outbox.unpark(ids)
    notify()
  },
})

const reportsOps = (reports: FriendModule['reports']): ReportOps => ({
  list: async (page) => (await reports.list({ ...page, before: page.before })).map(viewOf),
  async mark(mark) {
    const report = await reports.handle(mark)
    return report && viewOf(report)
  },
})

type Report = Awaited<ReturnType<FriendModule['reports']['list']>>[number]

const viewOf = ({ created_at, handled_at, message_ids, ...report }: Report) => ({
  ...report,
  message_ids: [...message_ids],
  created_at: isoTime(created_at),
  status: handled_at === null ? ('open' as const) : ('handled' as const),
  handled_at: handled_at === null ? null : isoTime(handled_at),
})
