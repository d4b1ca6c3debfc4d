import type { Document, ServiceTokens } from '@bigtech/http'
import type { ParkedRow } from '@bigtech/messaging'
import { createHttpClient, createPolicy, type HttpClient } from '@bigtech/resilience'
import { Type, type Static, type TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { AnyDocument, InstanceHealth } from './internal-ops.http.ts'
import { List, OutboxStats, ParkedEvent, ReportView, StorageState } from './ops.schemas.ts'
import { PartitionHere } from './partitions.ts'
import { ServiceUsage } from './service-usage.ts'
import type { ReportOps, ServiceOps } from './service-ops.ts'

/** An answer of another version of the program, or of something else at this address, is no answer. */
function decoded<S extends TSchema>(schema: S): (body: unknown) => Static<S> {
  const validator = Compile(schema)
  return (body) => {
    if (!validator.Check(body)) throw new Error('the answer is not what was asked for; is it another version?')
    return body
  }
}

const asUsage = decoded(ServiceUsage)
const asHealth = decoded(InstanceHealth)
const asStats = decoded(Type.Object(OutboxStats))
const asParked = decoded(List(ParkedEvent))
const asStorage = decoded(StorageState)
const asReports = decoded(List(ReportView))
const asPartitions = decoded(List(PartitionHere))
const isDocument = decoded(AnyDocument)

/** To one instance of a service, at its internal port. */
export const createOpsClient = (url: URL, service: string, tokens: ServiceTokens): HttpClient =>
  createHttpClient({
    baseUrl: url.href,
    headers: () => ({ authorization: tokens.authorization(service) }),
    // An instance that is away is asked every few seconds; there is nothing that a breaker would spare.
    policy: createPolicy({ retries: 1, breaker: { consecutive: Infinity, halfOpenAfterMs: 1_000 } }),
  })

/**
 * A service of another process, over /internal/ops.
 * @param options.has what the service has beside usage, health and document
 */
export function createRemoteOps(options: {
  name: string
  client: HttpClient
  has: readonly ('outbox' | 'storage' | 'reports' | 'partitions')[]
}): ServiceOps {
  const { name, client, has } = options
  const outbox: NonNullable<ServiceOps['outbox']> = {
    stats: (signal) => client.get('/internal/ops/outbox', { signal, decode: asStats }),
    async parked(limit, signal) {
      const { items } = await client.get('/internal/ops/outbox/parked', { signal, query: { limit }, decode: asParked })
      return items as ParkedRow[]
    },
    unpark: (ids, signal) => client.post('/internal/ops/outbox/unpark', { ids }, { signal, idempotent: true }),
  }
  return {
    name,
    usage: (signal) => client.get('/internal/ops/usage', { signal, decode: asUsage }),
    health: (signal) => client.get('/internal/ops/health', { signal, decode: asHealth }),
    document: (signal) =>
      client.get('/internal/ops/document', { signal, decode: (body) => isDocument(body) as unknown as Document }),
    ...(has.includes('outbox') ? { outbox } : {}),
    ...(has.includes('storage')
      ? {
          storage: (limit: number, signal?: AbortSignal) =>
            client.get('/internal/ops/storage', { signal, query: { limit }, decode: asStorage }),
        }
      : {}),
    ...(has.includes('reports') ? { reports: remoteReports(client) } : {}),
    ...(has.includes('partitions')
      ? {
          partitions: async (signal?: AbortSignal) =>
            (await client.get('/internal/ops/partitions', { signal, decode: asPartitions })).items,
        }
      : {}),
  }
}

const remoteReports = (client: HttpClient): ReportOps => ({
  list: async (page, signal) =>
    (await client.get('/internal/ops/reports', { signal, query: page, decode: asReports })).items,
  async mark(mark, signal) {
    const options = { signal, idempotent: true, decode: asReports }
    return (await client.post('/internal/ops/reports/mark', mark, options)).items[0]
  },
})
