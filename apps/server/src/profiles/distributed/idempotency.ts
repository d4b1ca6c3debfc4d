import type { IdempotencyStore } from '@bigtech/http'
import { openMysqlIdempotencyStore } from '@bigtech/sql'
import type { ServiceRole } from '../../roles.ts'
import type { Surroundings } from './surroundings.ts'

const PRUNE_MS = 3_600_000

/** Answers to repeated requests beside the service's data: they are as safe as that. */
export async function openIdempotency(
  { engines, closers, logger }: Pick<Surroundings, 'engines' | 'closers' | 'logger'>,
  service: `${ServiceRole}-service`,
): Promise<IdempotencyStore> {
  const { replicaUrl: _none, onReplicaFailure: _nobody, ...options } = engines.mysql('idempotency')
  const stores = await engines.reach('MySQL', () => openMysqlIdempotencyStore({ ...options, connections: 5 }))
  closers.push(() => stores.close())
  const pruning = setInterval(() => {
    stores
      .prune(Date.now())
      .catch((error: unknown) => logger.warn({ err: error }, 'old idempotency keys were not removed'))
  }, PRUNE_MS)
  pruning.unref()
  closers.push(() => clearInterval(pruning))
  return stores.storeFor(service)
}
