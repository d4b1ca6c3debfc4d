import type { FastifyOtelInstrumentation } from '@fastify/otel'
import { useSpans } from './trace.ts'

export type Tracing = {
  /** Register it first on each Fastify instance: one server span a request, named after method and route. */
  fastifyPlugin: ReturnType<FastifyOtelInstrumentation['plugin']>
  /** Sends the spans that wait, then stops. Never rejects: a collector that is down must not stop a shutdown. */
  shutdown(): Promise<void>
}

/** For one batch with its retries; it also bounds the shutdown when the collector is down. */
const EXPORT_TIMEOUT_MS = 2_000

/**
 * Starts OpenTelemetry for this process (once), exporting over OTLP/HTTP. The SDK is loaded here, at the call: who does not
 * trace does not pay for it.
 * @param options.endpoint the collector, e.g. `http://localhost:4318`; `/v1/traces` is added when it has no path
 */
export async function startTracing(options: { serviceName: string; endpoint: string }): Promise<Tracing> {
  const [{ NodeSDK }, { OTLPTraceExporter }, { FastifyOtelInstrumentation }] = await Promise.all([
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@fastify/otel'),
  ])
  const url = new URL(options.endpoint)
  if (url.pathname === '/') url.pathname = '/v1/traces'
  const sdk = new NodeSDK({
    serviceName: options.serviceName,
    traceExporter: new OTLPTraceExporter({ url: url.href, timeoutMillis: EXPORT_TIMEOUT_MS }),
    metricReaders: [],
    logRecordProcessors: [],
  })
  sdk.start()
  useSpans()
  const fastify = new FastifyOtelInstrumentation({
    instrumentHooks: false,
    requestHook: (span, request) => {
      span.updateName(`${request.method} ${request.routeOptions.url ?? '(no route)'}`)
    },
  })
  return {
    fastifyPlugin: fastify.plugin(),
    shutdown: () => sdk.shutdown().catch(() => undefined),
  }
}
