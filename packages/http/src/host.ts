import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import cors from '@fastify/cors'
import formbody from '@fastify/formbody'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import {
  currentTraceId,
  currentTraceparent,
  parseTraceparent,
  runWithTrace,
  type Logger,
  type Metrics,
} from '@bigtech/telemetry'
import fastify, {
  type FastifyError,
  type FastifyPluginAsync,
  type FastifyPluginCallback,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import { addressOf, networkOf } from './address.ts'
import { useAllowedMethods } from './allowed-methods.ts'
import type { App } from './app.ts'
import { useAuth } from './auth.ts'
import { useStrictJson } from './body.ts'
import { commonErrors } from './common-errors.ts'
import { useDocs, type DocsOptions } from './docs.ts'
import { useHealth, type MoreHealth, type ReadinessCheck } from './health.ts'
import { useIdempotency, type IdempotencyStore } from './idempotency.ts'
import { languageOf, ProblemSchema, toAppError, toProblem } from './problem.ts'
import { linger } from './linger.ts'
import { faultInHead } from './request-head.ts'
import { securityHeaders } from './security-headers.ts'
import { createPatience, PATIENCE_MS } from './slow-senders.ts'
import type { TokenVerifier } from './tokens.ts'
import { endWithProblem } from './upgrade.ts'
import { createValidators, explain } from './validation.ts'

export type HostOptions = DocsOptions & {
  logger: Logger
  metrics: Metrics
  tokens: TokenVerifier
  idempotency?: IdempotencyStore
  readiness: Readonly<Record<string, ReadinessCheck>>
  health?: MoreHealth
  corsOrigins: readonly string[]
  trustProxy: boolean
  /** People come over TLS: browsers are told to come so only (HSTS). */
  overTls?: boolean
  bodyLimit?: number
  /** Default PATIENCE_MS. */
  patienceMs?: number
  /** Aborted when the process is about to stop: `/ready` says no from then on. */
  stopping?: AbortSignal
  /** Bearer token for `/metrics`; without one they are for this machine only. */
  metricsToken?: string
  /** Server spans (packages/telemetry startTracing). */
  tracing?: FastifyPluginAsync | FastifyPluginCallback
}

/** Sockets that are streams. A request that follows on one would be answered into the stream. */
const taken = new WeakSet<Socket>()

const FORM = 'application/x-www-form-urlencoded'

/** The HTTP edge every service shares: errors, auth, validation, documents, health, metrics, tracing. */
export async function createHost(options: HostOptions): Promise<App> {
  const { logger, metrics, service, bodyLimit = 1024 * 1024, patienceMs = PATIENCE_MS } = options
  const patience = createPatience({ patienceMs, bodyLimit })
  const app = fastify({
    // Requests under way end; streams are closed by their hub before.
    forceCloseConnections: 'idle',
    // One proxy: the address it saw is the last of X-Forwarded-For.
    trustProxy: options.trustProxy ? (_address, hop) => hop < 1 : false,
    bodyLimit,
    requestTimeout: patienceMs,
    http: { headersTimeout: patienceMs, connectionsCheckingInterval: Math.min(1_000, patienceMs / 4) },
    keepAliveTimeout: 72_000,
    return503OnClosing: false,
    routerOptions: { maxParamLength: 500, ignoreTrailingSlash: true },
    logger: false,
    // A URL that cannot be decoded never reaches the error handler.
    frameworkErrors(error, request, { raw }) {
      const problem = toProblem(toAppError(error), languageOf(request.headers['accept-language']), currentTraceId())
      raw.writeHead(problem.status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem))
    },
    clientErrorHandler(error: NodeJS.ErrnoException, socket) {
      if (error.code === 'ECONNRESET') socket.destroy()
      else if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') patience.late(socket)
      else endWithProblem(socket, error)
    },
  }).withTypeProvider<TypeBoxTypeProvider>()

  app.addHook('onRequest', (request, reply, done) => {
    if (!taken.has(request.raw.socket)) {
      patience.begin(request)
      const fault = faultInHead(request.raw)
      if (fault) reply.header('connection', 'close')
      return done(fault)
    }
    reply.hijack()
    request.raw.socket.destroy()
  })
  if (options.tracing) await app.register(options.tracing)
  app.setValidatorCompiler(createValidators())
  app.addSchema(ProblemSchema)
  useTracing(app)
  useErrors(app, logger)
  useMetrics(app, metrics, logger)
  useStrictJson(app)
  await useForms(app)
  useDraining(app)
  app.decorate('networkOf', (request: IncomingMessage) => networkOf(addressOf(request, options.trustProxy)))
  const secure = securityHeaders(options.overTls ?? options.trustProxy)
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(secure)
    done()
  })
  await app.register(cors, {
    origin: [...options.corsOrigins],
    credentials: true,
    strictPreflight: false,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: [
      'ratelimit-limit',
      'ratelimit-remaining',
      'ratelimit-reset',
      'retry-after',
      'x-trace-id',
      'location',
    ],
    maxAge: 600,
  })
  useAllowedMethods(app)
  await useDocs(app, options)
  useAuth(app, options.tokens)
  if (options.idempotency) useIdempotency(app, options.idempotency)
  const { metricsToken, stopping, health } = options
  useHealth(app, service.title, options.readiness, metrics, { metricsToken, stopping, health })
  return app
}

/** Bodies that were answered early (an upload onto a full disk, one that is too large) are read to their end. */
function useDraining(app: App): void {
  app.addHook('onSend', (_request, reply, _payload, done) => {
    // Fastify would end the connection under a sender that still writes.
    if (reply.statusCode === 413) reply.removeHeader('connection')
    done()
  })
  app.addHook('onResponse', (request, _reply, done) => {
    linger(request.raw)
    done()
  })
}

/** Forms, for the routes that say they take them: everywhere else a form would pass for JSON. */
async function useForms(app: App): Promise<void> {
  await app.register(formbody, { bodyLimit: 64 * 1024 })
  app.addHook('preParsing', (request, _reply, payload, done) => {
    const isForm = request.headers['content-type']?.toLowerCase().startsWith(FORM) === true
    if (!isForm || request.is404 || request.routeOptions.schema?.consumes?.includes(FORM)) return done(null, payload)
    done(commonErrors.UNSUPPORTED_MEDIA_TYPE({ params: { expected: 'application/json' } }))
  })
}

/** Continues the caller's trace (`traceparent`) or starts one, for everything the request causes. */
function useTracing(app: App): void {
  app.decorateRequest('traceparent', '')
  app.addHook('onRequest', (request, reply, done) => {
    const traceparent = request.headers['traceparent']
    runWithTrace(typeof traceparent === 'string' ? traceparent : undefined, () => {
      request.traceparent = currentTraceparent()
      reply.header('x-trace-id', currentTraceId())
      done()
    })
  })
  // Reading a body leaves the asynchronous context of the request.
  app.addHook('preValidation', (request, _reply, done) => runWithTrace(request.traceparent, done))
}

function useErrors(app: App, logger: Logger): void {
  app.setErrorHandler<FastifyError>((thrown, request, reply) => {
    const language = languageOf(request.headers['accept-language'])
    let error = toAppError(thrown)
    if (thrown.validation) {
      const errors = explain(thrown.validation, language)
      const summary = errors.map((e) => `${e.field}: ${e.message}`).join(', ')
      error = commonErrors.VALIDATION_FAILED({ errors })
      const problem = { ...toProblem(error, language, currentTraceId()), detail: summary || error.texts[language] }
      return reply.code(422).type('application/problem+json').send(problem)
    }
    if (error.kind === 'internal')
      logger.error({ err: thrown, method: request.method, path: pathOf(request) }, 'request failed')
    else if (error.kind === 'unavailable') {
      // The code says where it was refused; a stack is of use when something else was at fault.
      const { cause } = error.details
      const { code } = error
      logger.warn({ ...(cause === undefined ? {} : { err: cause }), code, path: pathOf(request) }, 'request refused')
    }
    const problem = toProblem(error, language, currentTraceId())
    if (error.details.retryAfterS !== undefined)
      reply.header('retry-after', Math.max(1, Math.ceil(error.details.retryAfterS)))
    if (error.kind === 'unauthenticated') reply.header('www-authenticate', 'Bearer')
    return reply.code(problem.status).type('application/problem+json').send(problem)
  })
}

function useMetrics(app: App, metrics: Metrics, logger: Logger): void {
  const observe = (request: FastifyRequest, reply: FastifyReply) => {
    const path = pathOf(request)
    const seconds = reply.elapsedTime / 1000
    const traceId = parseTraceparent(request.traceparent)?.traceId
    const labels = { method: request.method, path, status: reply.statusCode }
    metrics.http.observe({ ...labels, seconds, ...(traceId === undefined ? {} : { traceId }) })
    if (path !== '/health' && path !== '/ready' && path !== '/metrics')
      logger.info(
        {
          method: request.method,
          path,
          status: reply.statusCode,
          ms: Math.round(reply.elapsedTime * 10) / 10,
          user_id: request.principal?.user_id,
        },
        'request',
      )
  }
  app.addHook('onResponse', (request, reply, done) => {
    observe(request, reply)
    done()
  })
  app.decorate('takeOver', (request, reply) => {
    const { socket } = request.raw
    reply.hijack()
    taken.add(socket)
    observe(request, reply)
    return socket
  })
  app.decorate('countUpgrade', (path, status, began) => {
    const seconds = (performance.now() - began) / 1_000
    const traceId = currentTraceId()
    metrics.http.observe({ method: 'GET', path, status, seconds, ...(traceId === undefined ? {} : { traceId }) })
    logger.info({ method: 'GET', path, status, ms: Math.round(seconds * 10_000) / 10 }, 'request')
  })
}

/** The route's pattern, never the raw URL: no ids in metric labels, no tokens in logs. */
const pathOf = (request: { is404: boolean; routeOptions: { url?: string | undefined } }): string =>
  request.is404 ? 'unknown' : (request.routeOptions.url ?? 'unknown')
