import type { CallBudget, TokenVerifier } from '@bigtech/http'
import type { EventBus } from '@bigtech/messaging'
import type { Broker } from '@bigtech/realtime'
import { probeReads, type openIdempotencyStore } from '@bigtech/sql'
import type { Logger } from '@bigtech/telemetry'
import type { Settings } from '../../config.ts'
import type { DataDir } from '../../data-dir.ts'

/** One process at a time has the data folder: after kill -9 its outbox leases are its own again at once. */
export const RELAY_OWNER = 'embedded'

/** What several services share. */
export type Shared = {
  settings: Settings
  publicUrl: () => string
  data: DataDir
  logger: Logger
  bus: EventBus
  broker: Broker
  tokens: TokenVerifier
  calls: CallBudget
  isRevoked(this: void, sessionId: string): boolean
  idempotency: Awaited<ReturnType<typeof openIdempotencyStore>>
}

/** Adapters are closed in the reverse order of their opening, after the modules. */
export type Closers = (() => Promise<void> | void)[]

/** A store is ready that can be written, and whose pages can be read. */
export const readinessOf = ({ data, bus }: Shared, file: string, check: () => Promise<void>) => ({
  async database() {
    await check()
    probeReads(data.path(file))
  },
  async events() {
    await bus.admin.topics()
    probeReads(data.path('events.db'))
  },
})
