import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import type { FastifyReply } from 'fastify'
import { commonErrors } from './common-errors.ts'

export type Budget = Readonly<{
  limit: number
  remaining: number
  /** seconds until the window starts anew */ resetS: number
  allowed: boolean
}>

/** Counts calls per key in fixed windows. Keys follow `rate_limit:{subject}`. */
export interface RateLimiter {
  consume(key: string): Promise<Budget>
  /** Gives the calls of a key back (a successful sign-in is no attack). */
  reset(key: string): Promise<void>
  /** The budget as it stands; `allowed` tells whether another call would be. */
  peek(key: string): Promise<Budget>
  /** Takes one call of a key back. */
  giveBack(key: string): Promise<void>
}

export type RateLimit = Readonly<{ limit: number; windowS: number }>

/** Counts of one process. */
export const createMemoryRateLimiter = (options: RateLimit): RateLimiter =>
  over(new RateLimiterMemory(memoryOptions(options)), options)

const memoryOptions = ({ limit, windowS }: RateLimit) => ({
  points: limit,
  duration: windowS,
  keyPrefix: 'rate_limit',
})

/**
 * Counts of all processes together, in Redis. While that is away each process counts for itself: limits get wider, nothing is refused
 * for it.
 * @param options.name keeps the keys of several limiters apart: `rate_limit:{name}:{subject}`; empty: `rate_limit:{subject}`
 */
export function createRedisRateLimiter(
  { client, prefix }: Readonly<{ client: unknown; prefix: string }>,
  { name = '', ...options }: RateLimit & Readonly<{ name?: string }>,
): RateLimiter {
  const keyPrefix = `${prefix}${name === '' ? 'rate_limit' : `rate_limit:${name}`}`
  const limiter = new RateLimiterRedis({
    ...memoryOptions(options),
    keyPrefix,
    storeClient: client,
    rejectIfRedisNotReady: true,
    insuranceLimiter: new RateLimiterMemory({ ...memoryOptions(options), keyPrefix }),
  })
  return over(limiter, options)
}

function over(limiter: RateLimiterMemory | RateLimiterRedis, { limit, windowS }: RateLimit): RateLimiter {
  const budget = (result: RateLimiterRes, allowed: boolean): Budget => ({
    limit,
    remaining: Math.max(0, result.remainingPoints),
    resetS: Math.max(1, Math.ceil(result.msBeforeNext / 1000)),
    allowed,
  })
  return {
    async consume(key) {
      try {
        return budget(await limiter.consume(key), true)
      } catch (refused) {
        if (refused instanceof RateLimiterRes) return budget(refused, false)
        throw refused
      }
    },
    async reset(key) {
      await limiter.delete(key)
    },
    async peek(key) {
      const found = await limiter.get(key)
      return found
        ? budget(found, found.remainingPoints > 0)
        : { limit, remaining: limit, resetS: windowS, allowed: true }
    },
    async giveBack(key) {
      // A reward for a key whose window has ended would begin one below zero.
      if (await limiter.get(key)) await limiter.reward(key)
    },
  }
}

/** The fields of the IETF draft `RateLimit headers` (the widely understood three-header form). */
export function rateLimitHeaders(budget: Budget): Record<string, string> {
  return {
    'ratelimit-limit': String(budget.limit),
    'ratelimit-remaining': String(budget.remaining),
    'ratelimit-reset': String(budget.resetS),
  }
}

/** @throws RATE_LIMITED with Retry-After */
export function enforce(budget: Budget, reply?: FastifyReply): void {
  reply?.headers(rateLimitHeaders(budget))
  if (!budget.allowed)
    throw commonErrors.RATE_LIMITED({ params: { seconds: budget.resetS }, retryAfterS: budget.resetS })
}
