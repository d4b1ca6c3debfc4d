import { formatNumber } from '../harness/table.ts'
import type { Costs } from './costs.ts'
import type { Demand, Plan } from './model.ts'

const percent = (share: number): string => `${formatNumber(share * 100)} %`

/** Rows: what, how much, why. */
export function describePlan(demand: Demand, costs: Costs, plan: Plan): [what: string, much: string, why: string][] {
  const n = formatNumber
  const decided =
    plan.decidedBy === 'processor'
      ? `${n(costs.message)} µs a message, ${n(costs.delivery)} µs a delivery, at most ${percent(demand.utilization)} of a core`
      : `${n(plan.connections)} connections, 20,000 in a process`
  return [
    [
      'connections',
      n(plan.connections),
      `${percent(demand.online)} of ${n(demand.users)} people, ${demand.devices} each`,
    ],
    [
      'deliveries a second',
      n(plan.deliveries),
      `${n(demand.peakMessages)} messages to ${demand.recipients} connections each`,
    ],
    ['processes of chat-service, a core each', n(plan.processes), decided],
    [
      'of each, to hear of all rooms',
      percent(plan.hearing),
      `${costs.heard} µs a message, ${costs.announcement} µs a document`,
    ],
    [
      'CHAT_PARTITIONS',
      n(plan.partitions),
      `${n(plan.documents)} commits a second of ${n(plan.messagesInDocument)} messages`,
    ],
    [
      'memory of chat-service',
      `${n(plan.memory)} GiB`,
      `${n(costs.process / 1_024)} MiB a process, ${n(costs.connection)} KiB a connection`,
    ],
    ['cores of the message store', n(plan.mysqlCores), `${n(costs.mysql)} µs a message (MariaDB), one copy`],
    ['databases of 32 cores', n(plan.databases), 'partitions shared out among them'],
    [
      'stored',
      `${n(plan.stored)} TiB`,
      `${n(costs.stored)} bytes a message, ${demand.keepDays} days, peak ÷ ${demand.peakToAverage}`,
    ],
    ['stored, all copies', `${n(plan.storedInAll)} TiB`, `${demand.replicas} of each`],
    ['cores of Redis', n(plan.redisCores), `${n(costs.redis)} µs a message and process that it goes to`],
    ['from Redis', `${n(plan.fromRedis)} Gbit/s`, 'frames, and the heads that every process hears'],
    ['cores of Kafka', n(plan.kafkaCores), `${n(costs.kafka)} µs a message, one copy`],
    ['to people', `${n(plan.outward)} Gbit/s`, '600 bytes a delivery'],
  ]
}
