import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'
import { context, isSpanContextValid, trace, type SpanContext } from '@opentelemetry/api'

/** W3C Trace Context: which request an action belongs to. `traceId` 32, `spanId` 16 lower-case hex digits. */
export type TraceContext = Readonly<{ traceId: string; spanId: string; sampled: boolean }>

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-|$)/

const store = new AsyncLocalStorage<TraceContext>()

let withSpans = false

/** OpenTelemetry has started: traces are its spans' from now on. Before, its contexts need not be made. */
export function useSpans(): void {
  withSpans = true
}

export const hasSpans = (): boolean => withSpans

/** Undefined for anything that is not a valid W3C `traceparent` (any known or future version but ff). */
export function parseTraceparent(value: string | undefined): TraceContext | undefined {
  const match = value === undefined ? null : TRACEPARENT.exec(value.trim())
  if (!match || (match[0].startsWith('00') && value!.trim().length !== 55)) return undefined
  return { traceId: match[1]!, spanId: match[2]!, sampled: (Number.parseInt(match[3]!, 16) & 1) === 1 }
}

export const formatTraceparent = (t: TraceContext): string => `00-${t.traceId}-${t.spanId}-${t.sampled ? '01' : '00'}`

/** The `traceparent` of a new, sampled trace. */
export const newTraceparent = (): string => formatTraceparent(newTrace())

/**
 * Runs `fn`, and all it starts, inside the trace of `traceparent`; without a valid one, inside a new trace.
 * When OpenTelemetry has already opened a span for this trace (or there is no `traceparent`), that span stays the parent.
 */
export function runWithTrace<T>(traceparent: string | undefined, fn: () => T): T {
  const given = parseTraceparent(traceparent)
  const span = activeSpanContext()
  if (span && (!given || given.traceId === span.traceId)) return store.run(fromSpan(span), fn)
  const current = given ?? newTrace()
  if (!withSpans) return store.run(current, fn)
  return store.run(current, () => context.with(trace.setSpanContext(context.active(), toSpanContext(current)), fn))
}

/** The trace this code runs in: OpenTelemetry's active span if there is one, else that of `runWithTrace`. */
export function activeTrace(): TraceContext | undefined {
  const span = activeSpanContext()
  return span ? fromSpan(span) : store.getStore()
}

export const activeTraceId = (): string | undefined => activeTrace()?.traceId

/** The current `traceparent`; outside of any trace a new one at each call. */
export const currentTraceparent = (): string => formatTraceparent(activeTrace() ?? newTrace())

/**
 * For what is kept now and gone on with later: the `traceparent` of an event, or the current one; 55 characters. Null outside of any trace, for
 * what is no `traceparent`, and where no spans are recorded.
 */
export function keptTrace(ofEvent?: Readonly<{ headers: Readonly<Record<string, string>> }>): string | null {
  if (!withSpans) return null
  const kept = ofEvent ? parseTraceparent(ofEvent.headers['traceparent']) : activeTrace()
  return kept ? formatTraceparent(kept) : null
}

/** The current trace id (32 hex digits); outside of any trace a new one at each call. */
export const currentTraceId = (): string => (activeTrace() ?? newTrace()).traceId

/** A `traceparent` for an outgoing call or event: the current trace, a new span id. */
export function childTraceparent(): string {
  return formatTraceparent({ ...(activeTrace() ?? newTrace()), spanId: randomHex(8) })
}

const newTrace = (): TraceContext => ({ traceId: randomHex(16), spanId: randomHex(8), sampled: true })

const BLOCK = 4_096
let block = randomBytes(BLOCK)
let used = 0

/** Random bytes are fetched from the system in blocks: every message needs ids, and each fetch costs microseconds. */
function randomHex(bytes: number): string {
  if (used + bytes > BLOCK) {
    block = randomBytes(BLOCK)
    used = 0
  }
  used += bytes
  return block.toString('hex', used - bytes, used)
}

function activeSpanContext(): SpanContext | undefined {
  if (!withSpans) return undefined
  const span = trace.getActiveSpan()?.spanContext()
  return span && isSpanContextValid(span) ? span : undefined
}

const fromSpan = (span: SpanContext): TraceContext => ({
  traceId: span.traceId,
  spanId: span.spanId,
  sampled: (span.traceFlags & 1) === 1,
})

export const toSpanContext = (t: TraceContext): SpanContext => ({
  traceId: t.traceId,
  spanId: t.spanId,
  traceFlags: t.sampled ? 1 : 0,
  isRemote: true,
})
