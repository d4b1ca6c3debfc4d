import { documented, Empty, operation, type App } from '@bigtech/http'
import { Type } from 'typebox'
import {
  CheckStates,
  Limit,
  List,
  OutboxStats,
  ParkedEvent,
  ReportStatus,
  ReportView,
  StorageState,
} from './ops.schemas.ts'
import { PartitionHere } from './partitions.ts'
import { ServiceUsage } from './service-usage.ts'
import type { ServiceOps } from './service-ops.ts'

export const InstanceHealth = Type.Object({ process: Type.String(), checks: CheckStates })
export const AnyDocument = Type.Object({ openapi: Type.String(), paths: Type.Object({}) })

/**
 * For the gateways, on a host made by createInternalHost: what this process says of one service. Parked events are told with their texts;
 * it is the gateway that veils them.
 */
export function internalOpsRoutes(app: App, ops: ServiceOps): void {
  const internal = { tag: 'internal', access: 'public', idempotent: false } as const
  const { outbox, storage, reports, partitions } = ops

  app.get(
    '/internal/ops/usage',
    operation({
      ...internal,
      id: 'readUsage',
      summary: 'What the service did, and what its process uses',
      response: { 200: ServiceUsage },
    }),
    () => ops.usage(),
  )
  app.get(
    '/internal/ops/health',
    operation({
      ...internal,
      id: 'readHealth',
      summary: 'The state of each dependency',
      response: { 200: InstanceHealth },
    }),
    () => ops.health(),
  )
  app.get(
    '/internal/ops/document',
    operation({
      ...internal,
      id: 'readDocument',
      summary: 'The OpenAPI document of the service',
      response: { 200: documented('OpenAPI 3.1', 'application/json', { type: 'object', additionalProperties: true }) },
    }),
    () => ops.document(),
  )
  if (outbox) {
    app.get(
      '/internal/ops/outbox',
      operation({
        ...internal,
        id: 'readOutbox',
        summary: 'How much is not published',
        response: { 200: Type.Object(OutboxStats) },
      }),
      () => outbox.stats(),
    )
    app.get(
      '/internal/ops/outbox/parked',
      operation({
        ...internal,
        id: 'readParked',
        summary: 'Events that the bus refused for good, with their texts',
        querystring: Type.Object({ limit: Limit }),
        response: { 200: List(ParkedEvent) },
      }),
      async (request) => ({
        items: (await outbox.parked(request.query.limit)).map(({ record, ...row }) => ({
          ...row,
          record: { ...record, value: { ...record.value }, headers: { ...record.headers } },
        })),
      }),
    )
    app.post(
      '/internal/ops/outbox/unpark',
      operation({
        ...internal,
        id: 'unparkHere',
        summary: 'Try parked events again',
        body: Type.Object({ ids: Type.Array(Type.String(), { maxItems: 500 }) }, { examples: [{ ids: ['1'] }] }),
        response: { 204: Empty },
      }),
      async (request, reply) => {
        await outbox.unpark(request.body.ids)
        return reply.code(204).send(null)
      },
    )
  }
  if (storage)
    app.get(
      '/internal/ops/storage',
      operation({
        ...internal,
        id: 'readStorageHere',
        summary: 'What files take',
        querystring: Type.Object({ limit: Limit }),
        response: { 200: StorageState },
      }),
      (request) => storage(request.query.limit),
    )
  if (partitions)
    app.get(
      '/internal/ops/partitions',
      operation({
        ...internal,
        id: 'readPartitions',
        summary: 'Which partitions it writes, and how far it is with each',
        response: { 200: List(PartitionHere) },
      }),
      async () => ({ items: await partitions() }),
    )
  if (reports) {
    app.get(
      '/internal/ops/reports',
      operation({
        ...internal,
        id: 'readReports',
        summary: 'What people reported',
        querystring: Type.Object({
          before: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
          limit: Limit,
          status: Type.Optional(ReportStatus),
        }),
        response: { 200: List(ReportView) },
      }),
      async (request) => ({ items: await reports.list(request.query) }),
    )
    app.post(
      '/internal/ops/reports/mark',
      operation({
        ...internal,
        id: 'markReportHere',
        summary: 'A report is looked after, or open again; without items there is none',
        body: Type.Object({
          id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, examples: [1] }),
          status: ReportStatus,
          by: Type.Integer({ minimum: 1, examples: [1] }),
        }),
        response: { 200: List(ReportView) },
      }),
      async (request) => {
        const report = await reports.mark(request.body)
        return { items: report ? [report] : [] }
      },
    )
  }
}
