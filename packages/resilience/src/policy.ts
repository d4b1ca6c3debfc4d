import { AppError } from '@bigtech/kernel'
import {
  BrokenCircuitError,
  bulkhead,
  BulkheadRejectedError,
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleWhen,
  retry,
  timeout,
  TimeoutStrategy,
  wrap,
} from 'cockatiel'
import { dependencyErrors } from './errors.ts'

export type BreakerState = 'closed' | 'open' | 'half-open'

export type PolicyOptions = {
  /** For one attempt. Default 3 s. */
  timeoutMs?: number
  /** Attempts after the first. Default 2. */
  retries?: number
  /** Waits between attempts: exponential with decorrelated jitter. Default from 100 ms to 1 s. */
  backoff?: { initialMs: number; maxMs: number }
  /** Opens after so many failed attempts in a row (default 5) and lets one try after `halfOpenAfterMs` (default 10 s). */
  breaker?: { consecutive: number; halfOpenAfterMs: number }
  /** Attempts under way at once (default 50) and those that may wait for a place (default 200). More are refused at once. */
  bulkhead?: { concurrent: number; queued: number }
  /**
   * Whether an error means that the dependency is ill: only those are retried and counted by the breaker.
   * Default: all but an AppError of a kind other than `unavailable`.
   */
  isFailure?: (error: unknown) => boolean
  onStateChange?: (state: BreakerState) => void
}

export type Policy = {
  /**
   * @param fn one attempt; it must stop when `signal` aborts
   * @param options.retry false for what must not be repeated
   * @param options.signal the caller's: ends the attempt and forbids others, without blaming the dependency
   * @throws what `fn` threw if that is not a failure; DEPENDENCY_UNAVAILABLE (with `cause`) after the last failed attempt,
   *   when the circuit is open and when the bulkhead is full
   */
  execute<T>(
    fn: (signal: AbortSignal) => Promise<T>,
    options?: { retry?: boolean; signal?: AbortSignal | undefined },
  ): Promise<T>
  state(): BreakerState
}

/** One policy per dependency: the breaker and the bulkhead belong to all its callers together. */
export function createPolicy(options: PolicyOptions = {}): Policy {
  const { timeoutMs = 3_000, retries = 2, isFailure = isFailureByDefault } = options
  const { initialMs, maxMs } = options.backoff ?? { initialMs: 100, maxMs: 1_000 }
  const { consecutive, halfOpenAfterMs } = options.breaker ?? { consecutive: 5, halfOpenAfterMs: 10_000 }
  const { concurrent, queued } = options.bulkhead ?? { concurrent: 50, queued: 200 }

  const places = bulkhead(concurrent, queued)
  const attemptTimeout = timeout(timeoutMs, TimeoutStrategy.Aggressive)
  const breaker = circuitBreaker(
    handleWhen((error) => !(error instanceof BulkheadRejectedError)),
    { breaker: new ConsecutiveBreaker(consecutive), halfOpenAfter: halfOpenAfterMs },
  )
  const retrying = retry(
    handleWhen((error) => !refusedHere(error)),
    { maxAttempts: retries, backoff: new ExponentialBackoff({ initialDelay: initialMs, maxDelay: maxMs }) },
  )
  const once = wrap(breaker, places, attemptTimeout)
  const repeated = wrap(retrying, breaker, places, attemptTimeout)
  if (options.onStateChange) {
    const { onStateChange } = options
    breaker.onStateChange((state) => onStateChange(nameOf(state)))
  }

  return {
    state: () => nameOf(breaker.state),
    async execute(fn, { retry: mayRepeat = true, signal: callerSignal } = {}) {
      // An error that is not the dependency's fault passes through the policies as a value: they see an answer.
      const attempt = async ({ signal }: { signal: AbortSignal }) => {
        try {
          callerSignal?.throwIfAborted()
          return { value: await fn(callerSignal ? AbortSignal.any([signal, callerSignal]) : signal) }
        } catch (error) {
          if (callerSignal?.aborted) return { error: callerSignal.reason as unknown }
          if (isFailure(error)) throw error
          return { error }
        }
      }
      const result = await (mayRepeat ? repeated : once).execute(attempt).catch((cause: unknown) => {
        const retryAfterS = cause instanceof BrokenCircuitError ? Math.ceil(halfOpenAfterMs / 1_000) : 1
        throw dependencyErrors.DEPENDENCY_UNAVAILABLE({ cause, retryAfterS })
      })
      if ('value' in result) return result.value
      throw result.error
    },
  }
}

const isFailureByDefault = (error: unknown): boolean => !(error instanceof AppError) || error.kind === 'unavailable'

/** The call never left this process: trying again at once would be refused again. */
const refusedHere = (error: unknown): boolean =>
  error instanceof BrokenCircuitError || error instanceof BulkheadRejectedError

function nameOf(state: CircuitState): BreakerState {
  if (state === CircuitState.Closed) return 'closed'
  return state === CircuitState.HalfOpen ? 'half-open' : 'open'
}
