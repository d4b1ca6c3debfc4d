import type { IncomingMessage, ServerResponse } from 'node:http'
import { parseTraceparent, type HttpMetrics } from '@bigtech/telemetry'

/** A call under way, on its way past the host that would count it. */
export type FollowedCall = Readonly<{
  /** The answer is a stream: its head is what was waited for, and its end may be hours away. */
  begun(this: void): void
  /** A host of this process has it, and counts it. */
  leave(this: void): void
}>

/**
 * Counts a call when its answer has ended, as hosts do. Who went away before anything was answered is not counted.
 * @param path of few: it becomes a label
 */
export function followCall(
  http: HttpMetrics,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): FollowedCall {
  const started = performance.now()
  const { method = '' } = request
  let isOpen = true
  const count = () => {
    if (!isOpen || !response.headersSent) return
    isOpen = false
    const { traceparent } = request.headers
    const traceId = parseTraceparent(typeof traceparent === 'string' ? traceparent : undefined)?.traceId
    const seconds = (performance.now() - started) / 1_000
    http.observe({ method, path, status: response.statusCode, seconds, ...(traceId === undefined ? {} : { traceId }) })
  }
  response.once('close', count)
  return {
    begun: count,
    leave() {
      isOpen = false
    },
  }
}
