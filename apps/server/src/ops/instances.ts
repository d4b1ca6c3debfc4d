import { AppError } from '@bigtech/kernel'
import { dependencyErrors, HttpStatusError } from '@bigtech/resilience'

/** ms. Who has not answered by then is away. */
const ANSWER_MS = 2_000

/** Why an instance does not answer, for people. */
class NoAnswer extends Error {}

export type Instance<T> = Readonly<{ name: string; of: T }>
export type Asked<A> = Readonly<{ name: string }> & (Readonly<{ answer: A }> | Readonly<{ detail: string }>)

export type Instances<T> = Readonly<{
  /** All of them at once; one that fails or does not answer within 2 s keeps nobody else from answering. */
  each<A>(ask: (of: T, signal: AbortSignal) => Promise<A>): Promise<Asked<A>[]>
  /**
   * One after the other until one answers, beginning with the one that did last: for what all of them know, and what may be done twice.
   * @throws DEPENDENCY_UNAVAILABLE when nobody answers, and anything that is not an instance's being away
   */
  any<A>(ask: (of: T, signal: AbortSignal) => Promise<A>): Promise<A>
}>

/** The processes that run one service. */
export function createInstances<T>(all: readonly Instance<T>[]): Instances<T> {
  let first = 0
  return {
    each: (ask) =>
      Promise.all(
        all.map(async ({ name, of }) => {
          try {
            return { name, answer: await inTime((signal) => ask(of, signal)) }
          } catch (error) {
            return { name, detail: reasonOf(error) }
          }
        }),
      ),
    async any(ask) {
      const failures: unknown[] = []
      const from = first
      for (let i = 0; i < all.length; i++) {
        const at = (from + i) % all.length
        try {
          const answer = await inTime((signal) => ask(all[at]!.of, signal))
          first = at
          return answer
        } catch (error) {
          if (!isAway(error)) throw error
          failures.push(error)
        }
      }
      // What the only one says of itself (its storage is away, say) is more than that it cannot answer.
      const [only] = failures
      if (failures.length === 1 && only instanceof AppError) throw only
      throw dependencyErrors.DEPENDENCY_UNAVAILABLE({ cause: only, retryAfterS: 1 })
    },
  }
}

async function inTime<A>(ask: (signal: AbortSignal) => Promise<A>): Promise<A> {
  const controller = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = new NoAnswer(`no answer within ${ANSWER_MS} ms`)
      reject(error)
      controller.abort(error)
    }, ANSWER_MS)
  })
  try {
    return await Promise.race([ask(controller.signal), late])
  } finally {
    clearTimeout(timer)
  }
}

/** A refusal (4xx) is a fault of its version or its secret, not of what was asked. */
const isAway = (error: unknown): boolean =>
  error instanceof NoAnswer ||
  error instanceof HttpStatusError ||
  (error instanceof AppError && error.kind === 'unavailable')

/** The innermost cause that has words: "connect ECONNREFUSED …" says more than "fetch failed". */
export function reasonOf(error: unknown): string {
  let reason = ''
  for (let one = error; one instanceof Error; one = one.cause) reason = one.message || reason
  return reason || String(error)
}
