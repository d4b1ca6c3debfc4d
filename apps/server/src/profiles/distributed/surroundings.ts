import type { CallBudget, RateLimit, RateLimiter, TokenVerifier } from '@bigtech/http'
import type { Logger } from '@bigtech/telemetry'
import type { Settings } from '../../config.ts'
import type { Closers, Engines } from './engines.ts'
import type { Peers } from './peers.ts'

/** What a role is made with. */
export type Surroundings = Readonly<{
  settings: Settings
  /** Name of this process as the holder of leases. */
  instance: string
  logger: Logger
  engines: Engines
  peers: Peers
  tokens: TokenVerifier
  calls: CallBudget
  isRevoked(this: void, sessionId: string): boolean
  limiter(name: string, limit: RateLimit): RateLimiter
  publicUrl(this: void): string
  /** Where the other processes of chat-service reach this one's internal port; undefined until it listens. */
  ownAddress(this: void): string | undefined
  closers: Closers
}>
