import { ApiError, NetworkError } from '../errors.ts'
import { problemFields } from '../http/problem.ts'
import { reasonOf } from '../http/wait.ts'
import type { CommandName, Commands } from './frames.ts'

export type SendCommand = <N extends CommandName>(
  command: { type: N } & Commands[N]['fields'],
  options?: { signal?: AbortSignal | undefined; timeoutMs?: number },
) => Promise<Commands[N]['ack']>

type Waiting = { resolve(ack: never): void; reject(error: Error): void }

const TIMEOUT_MS = 10_000

/** Matches commands and their answers by `ref`. */
export function createCommands(write: (text: string) => void) {
  const waiting = new Map<number, Waiting>()
  let last = 0

  const send: SendCommand = (command, { signal, timeoutMs = TIMEOUT_MS } = {}) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(reasonOf(signal))
      const ref = ++last
      const settle = () => {
        waiting.delete(ref)
        clearTimeout(timer)
        signal?.removeEventListener('abort', aborted)
      }
      const fail = (error: Error) => {
        settle()
        reject(error)
      }
      const aborted = () => fail(reasonOf(signal!))
      const timer = setTimeout(
        () => fail(new NetworkError(`no answer within ${timeoutMs} ms`, { timedOut: true })),
        timeoutMs,
      )
      signal?.addEventListener('abort', aborted)
      waiting.set(ref, {
        resolve(ack) {
          settle()
          resolve(ack)
        },
        reject: fail,
      })
      try {
        write(JSON.stringify({ ...command, ref }))
      } catch (error) {
        fail(error instanceof Error ? error : new NetworkError(String(error)))
      }
    })

  return {
    send,
    /** @returns whether the frame was an answer */
    answered(frame: { type?: unknown }): boolean {
      if (frame.type !== 'ack' && frame.type !== 'error') return false
      const { ref } = frame as { ref?: number }
      const entry = ref === undefined ? undefined : waiting.get(ref)
      if (frame.type === 'ack') entry?.resolve(frame as never)
      else entry?.reject(errorOf(frame))
      return true
    },
    /** The connection is gone, with the answers still to come. */
    lost(error: Error): void {
      for (const entry of waiting.values()) entry.reject(error)
    },
  }
}

function errorOf(frame: object): ApiError {
  const { status = 500, retry_after } = frame as { status?: number; retry_after?: number }
  return new ApiError({
    code: 'INTERNAL',
    ...problemFields(frame),
    status,
    retryAfterMs: retry_after === undefined ? undefined : retry_after * 1_000,
  })
}
