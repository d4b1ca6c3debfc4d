import type { CheckState } from '@bigtech/http'
import { dependencyErrors } from '@bigtech/resilience'
import type { Static } from 'typebox'
import { createInstances, type Asked, type Instances } from './instances.ts'
import { addUp, type OpsMetrics } from './ops-metrics.ts'
import { partitionsOf, type PartitionList } from './partitions.ts'
import type { OutboxList, ServiceHealth } from './ops.schemas.ts'
import type { OutboxOps, ReportOps, ServiceOps } from './service-ops.ts'

/** The processes of each service, by its name. */
export type Services = Readonly<Record<string, readonly ServiceOps[]>>
type Health = Static<typeof ServiceHealth>

/** Those of some instances that have a part, as the instances of that part. */
const having = <T>(all: readonly ServiceOps[], part: (ops: ServiceOps) => T | undefined): Instances<T> | undefined => {
  const found = all.flatMap((ops) => {
    const of = part(ops)
    return of === undefined ? [] : [{ name: ops.name, of }]
  })
  return found.length > 0 ? createInstances(found) : undefined
}

/** All services as one: what their processes say is added up, or asked of any that answers where all would say the same. */
export function createServices(services: Services) {
  const names = Object.entries(services)
  const every = names.flatMap(([, instances]) => instances)
  const groups = names.map(([service, all]) => [service, createInstances(instancesOf(all))] as const)
  const partitions = having(every, (ops) => ops.partitions)
  const outboxes = new Map<string, Instances<OutboxOps>>(
    names.flatMap(([service, instances]) => {
      const found = having(instances, ({ outbox }) => outbox)
      return found ? [[service, found]] : []
    }),
  )

  return {
    outboxes: outboxes as ReadonlyMap<string, Instances<OutboxOps>>,
    /** Of the service that keeps files, and of the one that takes reports. */
    storage: having(every, ({ storage }) => storage) ?? createInstances<NonNullable<ServiceOps['storage']>>([]),
    reports: having(every, ({ reports }) => reports) ?? createInstances<ReportOps>([]),

    async metrics(now: number): Promise<OpsMetrics> {
      const asked = groups.map(async ([service, group]) =>
        (await group.each((ops, signal) => ops.usage(signal))).map((one) =>
          'answer' in one
            ? { service, name: one.name, usage: one.answer }
            : { service, name: one.name, detail: one.detail },
        ),
      )
      const usages = (await Promise.all(asked)).flat()
      if (!usages.some((one) => 'usage' in one)) throw dependencyErrors.DEPENDENCY_UNAVAILABLE({ retryAfterS: 1 })
      return addUp(usages, now)
    },

    /** None where one process writes everything. */
    partitions: async (): Promise<Static<typeof PartitionList>> =>
      partitionsOf((await partitions?.each((read, signal) => read(signal))) ?? []),

    health: (): Promise<Health[]> =>
      Promise.all(
        groups.map(async ([service, group]) => {
          const asked = await group.each((ops, signal) => ops.health(signal))
          return { service, checks: checksOf(asked), instances: asked.map(instanceHealth) }
        }),
      ),

    /** @throws what the first said, if no service answers */
    outboxStats: async (): Promise<Static<typeof OutboxList>> => {
      const asked = [...outboxes].map(async ([service, outbox]) => ({
        service,
        ...(await outbox.any((one, signal) => one.stats(signal))),
      }))
      const settled = await Promise.allSettled(asked)
      const items = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
      if (items.length === 0) await Promise.all(asked)
      return { items, away: [...outboxes.keys()].filter((_, i) => settled[i]!.status === 'rejected') }
    },
  }
}

type AskedHealth = Asked<Awaited<ReturnType<ServiceOps['health']>>>

export const instancesOf = (all: readonly ServiceOps[]) => all.map((ops) => ({ name: ops.name, of: ops }))

const instanceHealth = (one: AskedHealth): Health['instances'][number] =>
  'answer' in one
    ? { name: one.name, process: one.answer.process, status: 'up', checks: one.answer.checks }
    : { name: one.name, process: null, status: 'down', detail: one.detail, checks: {} }

/** A dependency is down that is down for one of the instances; one that does not answer is down itself. */
function checksOf(asked: readonly AskedHealth[]): Record<string, CheckState> {
  const checks: Record<string, CheckState> = {}
  for (const one of asked) {
    if (!('answer' in one)) {
      checks[one.name] = { status: 'down', detail: one.detail }
      continue
    }
    for (const [name, state] of Object.entries(one.answer.checks)) {
      if (checks[name]?.status === 'down') continue
      const prefix = asked.length > 1 ? `${one.name}: ` : ''
      checks[name] = state.status === 'up' ? state : { ...state, detail: `${prefix}${state.detail ?? ''}` }
    }
  }
  return checks
}
