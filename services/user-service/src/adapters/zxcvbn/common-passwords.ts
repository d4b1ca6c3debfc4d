import { Worker } from 'node:worker_threads'
import { createSemaphore } from '@bigtech/kernel'
import { userErrors } from '../../contract/errors.ts'
import type { CommonPasswords } from '../../ports.ts'

const RETRY_AFTER_S = 2
const IDLE_MS = 60_000

/**
 * Judges passwords (see `isCommon`) in a thread of its own, one at a time: an estimate takes up to 10 ms, and the thread with its list about
 * 30 MB. It is started for the first password, and again for the next one if it died or was ended because nobody asked for a while.
 * @param options.queue calls that may wait for their turn; one more is answered with PASSWORD_CHECKS_BUSY. Default 200.
 * @param options.idleMs after so long without a password the thread ends. Default a minute.
 * @param options.thread for tests
 */
export function createCommonPasswords(
  options: Readonly<{ queue?: number; idleMs?: number; thread?: URL }> = {},
): CommonPasswords & { close(): Promise<void> } {
  const { queue = 200, idleMs = IDLE_MS, thread = new URL('./thread.ts', import.meta.url) } = options
  const busy = () => userErrors.PASSWORD_CHECKS_BUSY({ retryAfterS: RETRY_AFTER_S })
  const turns = createSemaphore(1, { waiting: queue, refuse: busy })
  let worker: Worker | undefined
  let idle: NodeJS.Timeout | undefined
  let closed = false

  function start(): Worker {
    const started = new Worker(thread, { name: 'passwords', execArgv: ['--disable-warning=ExperimentalWarning'] })
    started.on('exit', () => forget(started))
    // Whoever asked hears of it. Without a listener it would end the process.
    started.on('error', () => {})
    return started
  }

  function forget(ended: Worker): void {
    if (worker === ended) worker = undefined
  }
  function endWhenIdle(mine: Worker): void {
    const end = () => {
      forget(mine)
      void mine.terminate()
    }
    idle = setTimeout(end, idleMs).unref()
  }

  const ask = (password: string) =>
    new Promise<boolean>((resolve, reject) => {
      if (closed) return reject(busy())
      clearTimeout(idle)
      const mine = (worker ??= start())
      const settle = (outcome: () => void) => {
        mine.off('message', onAnswer).off('error', onEnd).off('exit', onEnd)
        // A thread that waits for work keeps no process alive.
        mine.unref()
        endWhenIdle(mine)
        outcome()
      }
      const onAnswer = (common: boolean) => settle(() => resolve(common))
      // It is not known whether the password is a common one: the caller may ask again, and gets another thread.
      const onEnd = (cause: unknown) =>
        settle(() => {
          forget(mine)
          reject(userErrors.PASSWORD_CHECKS_BUSY({ retryAfterS: RETRY_AFTER_S, cause }))
        })
      mine.on('message', onAnswer).on('error', onEnd).on('exit', onEnd)
      mine.ref()
      mine.postMessage(password)
    })

  return {
    has: (password) => turns.run(() => ask(password)),
    async close() {
      closed = true
      clearTimeout(idle)
      await worker?.terminate()
    },
  }
}
