import { Empty, operation, type App } from '@bigtech/http'
import { defineErrors } from '@bigtech/kernel'
import { messagingErrors, type Dlq, type EventBus, type EventRecord } from '@bigtech/messaging'
import { dependencyErrors } from '@bigtech/resilience'
import { Type } from 'typebox'
import { OpsMetrics } from './ops-metrics.ts'
import {
  DeadLetterView,
  GroupLag,
  List,
  Offset,
  OutboxList,
  ParkedEvent,
  ServiceHealth,
  StorageState,
  StoredEvent,
  TopicState,
} from './ops.schemas.ts'
import { PartitionList } from './partitions.ts'
import { reportRoutes } from './reports.http.ts'
import { createServices, type Services } from './services.ts'
import { isOfHealth, veil, withhold } from './veil.ts'

export { reportErrors } from './reports.http.ts'

export const opsErrors = defineErrors({
  TOPIC_NOT_FOUND: { kind: 'not_found', ko: '토픽을 찾을 수 없습니다', en: 'There is no such topic or partition' },
  OUTBOX_NOT_FOUND: {
    kind: 'not_found',
    ko: '아웃박스를 찾을 수 없습니다',
    en: 'No service of this name has an outbox',
  },
})

export type OpsPorts = {
  bus: EventBus
  dlq: Dlq
  services: Services
}

/** Accounts shown. */
const LARGEST = 20
/** Parked events at a time. */
const MOST = 500

const TopicParams = Type.Object({ topic: Type.String({ maxLength: 200, examples: ['user.events'] }) })
const ServiceParams = Type.Object({ service: Type.String({ maxLength: 50, examples: ['user-service'] }) })

/** What Kafka UI shows in the source documents, and what an operator does about it. Administrators only. */
export function opsRoutes(app: App, ports: OpsPorts): void {
  const { admin } = ports.bus
  const services = createServices(ports.services)
  const ops = { tag: 'ops', access: 'admin', errors: [messagingErrors.BUS_UNAVAILABLE] } as const
  /** Of what services are asked for. */
  const asked = { tag: 'ops', access: 'admin', errors: [dependencyErrors.DEPENDENCY_UNAVAILABLE] } as const

  app.get(
    '/api/ops/storage',
    operation({
      ...asked,
      id: 'readStorage',
      summary: 'What uploaded files take: in all, and of the accounts that use most',
      response: { 200: StorageState },
    }),
    () => services.storage.any((storage, signal) => storage(LARGEST, signal)),
  )
  app.get(
    '/api/ops/topics',
    operation({
      ...ops,
      id: 'listTopics',
      summary: 'Topics with partitions, offsets and retention',
      response: { 200: List(TopicState) },
    }),
    async () => ({
      items: (await admin.topics()).map((topic) => ({ ...topic, partitions: [...topic.partitions] })),
    }),
  )
  app.get(
    '/api/ops/topics/:topic/messages',
    operation({
      ...ops,
      id: 'browseTopic',
      summary: 'Events of a partition, oldest first from an offset; the newest ones without it',
      params: TopicParams,
      querystring: Type.Object({
        partition: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 0 }),
        offset: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
        limit: Type.Integer({ minimum: 1, maximum: 500, default: 50 }),
      }),
      response: {
        200: Type.Object({
          items: Type.Array(StoredEvent),
          next_offset: Type.Union([Type.Integer(), Type.Null()], { examples: [null] }),
        }),
      },
      errors: [...ops.errors, opsErrors.TOPIC_NOT_FOUND],
    }),
    async (request) => {
      const { partition, limit } = request.query
      const topic = (await admin.topics()).find((state) => state.name === request.params.topic)
      const state = topic?.partitions.find((one) => one.partition === partition)
      if (!topic || !state) throw opsErrors.TOPIC_NOT_FOUND()
      const offset = request.query.offset ?? Math.max(state.start_offset, state.end_offset - limit)
      const items = await admin.read({ topic: topic.name, partition, offset, limit })
      const next = (items.at(-1)?.offset ?? offset - 1) + 1
      return { items: items.map(veiled), next_offset: next < state.end_offset ? next : null }
    },
  )
  reportRoutes(app, services.reports)
  app.get(
    '/api/ops/lag',
    operation({
      ...ops,
      id: 'listLag',
      summary: 'What each consumer group has not handled yet',
      response: { 200: List(GroupLag) },
    }),
    async () => ({ items: await admin.lag() }),
  )
  app.get(
    '/api/ops/partitions',
    operation({
      ...asked,
      id: 'listPartitions',
      summary:
        'Partitions of the chats: which process writes each, how far it is, and up to where the others have seen it',
      response: { 200: PartitionList },
    }),
    () => services.partitions(),
  )
  app.get(
    '/api/ops/outbox',
    operation({
      ...asked,
      id: 'listOutboxes',
      summary: 'Events each service has not published yet',
      response: { 200: OutboxList },
    }),
    () => services.outboxStats(),
  )
  app.get(
    '/api/ops/outbox/:service/parked',
    operation({
      ...asked,
      id: 'listParked',
      summary: 'Events that the bus refused for good',
      params: ServiceParams,
      response: { 200: List(ParkedEvent) },
      errors: [...asked.errors, opsErrors.OUTBOX_NOT_FOUND],
    }),
    async (request) => {
      const parked = await outboxOf(services, request.params.service).any((one, signal) => one.parked(MOST, signal))
      return { items: parked.map((row) => ({ ...row, record: veiled(row.record) })) }
    },
  )
  app.post(
    '/api/ops/outbox/:service/unpark',
    operation({
      ...asked,
      id: 'unpark',
      summary: 'Try parked events again',
      params: ServiceParams,
      body: Type.Object(
        { ids: Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { minItems: 1, maxItems: MOST }) },
        { examples: [{ ids: ['1'] }] },
      ),
      response: { 204: Empty },
      errors: [...asked.errors, opsErrors.OUTBOX_NOT_FOUND],
    }),
    async (request, reply) => {
      const { ids } = request.body
      await outboxOf(services, request.params.service).any((one, signal) => one.unpark(ids, signal))
      return reply.code(204).send(null)
    },
  )
  app.get(
    '/api/ops/dlq',
    operation({
      ...ops,
      id: 'listDeadLetters',
      summary: 'Events that a consumer could not handle, with the error, until they are replayed',
      querystring: Type.Object({ topic: Type.Optional(Type.String({ maxLength: 200, examples: ['user.events'] })) }),
      response: { 200: List(DeadLetterView) },
    }),
    async (request) => {
      const letters = await ports.dlq.list(request.query.topic === undefined ? {} : { topic: request.query.topic })
      return { items: letters.map((letter) => ({ ...letter, record: veiled(letter.record) })) }
    },
  )
  app.post(
    '/api/ops/dlq/replay',
    operation({
      ...ops,
      id: 'replayDeadLetters',
      summary: 'Hand dead letters to the consumer group that failed, once more',
      body: Type.Object(
        {
          topic: Type.String({ maxLength: 200, description: 'The original topic' }),
          offsets: Type.Optional(Type.Array(Offset, { minItems: 1, maxItems: 1_000 })),
        },
        { examples: [{ topic: 'user.events' }] },
      ),
      response: { 200: Type.Object({ replayed: Type.Integer({ examples: [1] }) }) },
    }),
    async (request) => ({ replayed: await ports.dlq.replay(request.body) }),
  )
  app.get(
    '/api/ops/metrics',
    operation({
      ...asked,
      id: 'readMetrics',
      summary: 'Messages, deliveries, connections, requests, and what each process uses',
      response: { 200: OpsMetrics },
    }),
    () => services.metrics(Date.now()),
  )
  app.get(
    '/api/ops/health',
    operation({
      ...ops,
      id: 'listHealth',
      summary: "Each service's dependencies and processes",
      response: { 200: List(ServiceHealth) },
    }),
    async () => ({ items: await services.health() }),
  )
}

/** Operators see what moves and what fails, never what people write. */
const veiled = <R extends EventRecord>({ topic, key, value, headers, ...rest }: R) => ({
  ...rest,
  topic,
  key: isOfHealth(topic) ? '' : key,
  headers,
  value: isOfHealth(topic) ? withhold(value) : veil(value),
})

function outboxOf({ outboxes }: Pick<ReturnType<typeof createServices>, 'outboxes'>, service: string) {
  const found = outboxes.get(service)
  if (!found) throw opsErrors.OUTBOX_NOT_FOUND()
  return found
}
