import { AsyncLocalStorage } from 'node:async_hooks'

type Attempt = { readonly key: string; commands: number }

const current = new AsyncLocalStorage<Attempt>()

/** What is done in `run` is an attempt at what its caller knows by that key, and may have been done in part by an earlier one. */
export const asAttempt = <T>(key: string, run: () => T): T => current.run({ key, commands: 0 }, run)

/** As `nextCommandKey`, for asking what became of that command in an earlier attempt. */
export function sameCommandKey(): string | undefined {
  const attempt = current.getStore()
  return attempt && `${attempt.key}/${attempt.commands}`
}

/**
 * A name for the next command of the attempt under way, the same in each attempt that gives its commands in the same order; undefined when nobody
 * said that it is one.
 */
export function nextCommandKey(): string | undefined {
  const attempt = current.getStore()
  return attempt && `${attempt.key}/${attempt.commands++}`
}
