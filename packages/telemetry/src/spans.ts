import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Attributes, type Span } from '@opentelemetry/api'
import {
  activeTrace,
  childTraceparent,
  currentTraceparent,
  formatTraceparent,
  hasSpans,
  parseTraceparent,
  runWithTrace,
  toSpanContext,
} from './trace.ts'

const TRACER = 'bigtech-chat'

type Headers = Readonly<Record<string, string>>

/** Runs `fn` in a span of the current trace. Without startTracing only the trace ids are kept: no span is recorded. */
export function withSpan<T>(name: string, fn: () => Promise<T>, attributes: Attributes = {}): Promise<T> {
  return inSpan(name, SpanKind.INTERNAL, attributes, fn)
}

/**
 * For whoever writes an event (the outbox): gives `fn` the headers with the `traceparent` of the current trace, which the consumer
 * continues however much later it runs.
 */
export function withProducerSpan<T>(
  headers: Headers,
  name: string,
  fn: (headers: Record<string, string>) => Promise<T>,
): Promise<T> {
  const send = () => inSpan(name, SpanKind.PRODUCER, {}, () => fn({ ...headers, traceparent: outgoing() }))
  return activeTrace() ? send() : runWithTrace(undefined, send)
}

/** For whoever handles an event: runs `fn` in the trace of the event's `traceparent` header (a new trace without one). */
export function withConsumerSpan<T>(headers: Headers, name: string, fn: () => Promise<T>): Promise<T> {
  return runWithTrace(headers['traceparent'], () => inSpan(name, SpanKind.CONSUMER, {}, fn))
}

/** For who goes on, later and perhaps in another process, with what was kept beside this `traceparent` (`keptTrace`); without one there is no span. */
export function withKeptTrace<T>(
  traceparent: string | null,
  name: string,
  fn: () => Promise<T>,
  attributes: Attributes = {},
): Promise<T> {
  if (traceparent === null || !hasSpans()) return fn()
  return runWithTrace(traceparent, () => inSpan(name, SpanKind.CONSUMER, attributes, fn))
}

/** `traceparent` is for whoever goes on with the request. */
export type HandedOn = Readonly<{ traceparent: string; end(this: void, status: number): void }>

/** For who hands a request on without being a host itself (a gateway). @returns undefined without startTracing: there is no span then */
export function startRequestSpan(traceparent: string | undefined, name: string): HandedOn | undefined {
  if (!hasSpans()) return undefined
  const given = parseTraceparent(traceparent)
  const parent = given ? trace.setSpanContext(ROOT_CONTEXT, toSpanContext(given)) : ROOT_CONTEXT
  const span = trace.getTracer(TRACER).startSpan(name, { kind: SpanKind.SERVER }, parent)
  const { traceId, spanId, traceFlags } = span.spanContext()
  return {
    traceparent: formatTraceparent({ traceId, spanId, sampled: (traceFlags & 1) === 1 }),
    end(status) {
      span.setAttribute('http.response.status_code', status)
      if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
      span.end()
    },
  }
}

/** The recording span itself is the parent when there is one; else a made-up span id of the trace. */
const outgoing = (): string => (trace.getActiveSpan()?.isRecording() ? currentTraceparent() : childTraceparent())

function inSpan<T>(name: string, kind: SpanKind, attributes: Attributes, fn: () => Promise<T>): Promise<T> {
  return trace.getTracer(TRACER).startActiveSpan(name, { kind, attributes }, async (span: Span) => {
    try {
      return await fn()
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : String(error) })
      throw error
    } finally {
      span.end()
    }
  })
}
