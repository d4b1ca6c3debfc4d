import { NetworkError } from '../errors.ts'
import type { CallOptions } from '../http/http.ts'
import { reasonOf } from '../http/wait.ts'
import type { SyncState } from './state.ts'

/** The first state that fits. @throws NetworkError after `timeoutMs` (default: none) or when all is over; the signal's reason */
export type WaitFor = (fits: (state: SyncState) => boolean, options?: CallOptions) => Promise<SyncState>

export function createWaitFor(ports: {
  state: () => SyncState
  subscribe: (listener: (state: SyncState) => void) => () => void
  over: AbortSignal
}): WaitFor {
  return (fits, { signal, timeoutMs } = {}) =>
    new Promise((resolve, reject) => {
      if (fits(ports.state())) return resolve(ports.state())
      const stop = signal ? AbortSignal.any([signal, ports.over]) : ports.over
      if (stop.aborted) return reject(reasonOf(stop))
      const settle = () => {
        unsubscribe()
        clearTimeout(timer)
        stop.removeEventListener('abort', stopped)
      }
      const fail = (error: Error) => {
        settle()
        reject(error)
      }
      const stopped = () => fail(reasonOf(stop))
      const late = () => fail(new NetworkError(`not so within ${timeoutMs} ms`, { timedOut: true }))
      const timer = timeoutMs === undefined ? undefined : setTimeout(late, timeoutMs)
      stop.addEventListener('abort', stopped)
      const unsubscribe = ports.subscribe((state) => {
        if (!fits(state)) return
        settle()
        resolve(state)
      })
    })
}
