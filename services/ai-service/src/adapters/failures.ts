import { CareFailure } from '../ports.ts'

export const cancelled = (): CareFailure => new CareFailure('cancelled', 'the caller ended it')

/** What `work` comes to, or `cancelled` as soon as the signal says so; what it comes to after that is nobody's. */
export async function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const abort = () => reject(cancelled())
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  work.catch(() => {})
  try {
    return await Promise.race([aborted, work])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
