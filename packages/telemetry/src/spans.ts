import { SpanKind, SpanStatusCode, trace, type Attributes, type Span } from '@opentelemetry/api'
import { activeTrace, childTraceparent, currentTraceparent, runWithTrace } from './trace.ts'

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
