import { get, request as httpRequest, type ClientRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { urlToHttpOptions } from 'node:url'
import { expectBody, faultInHead, languageOf, linger, refuseUpgrade, toProblem } from '@bigtech/http'
import { defineErrors, type AppError } from '@bigtech/kernel'
import { currentTraceId, type Logger } from '@bigtech/telemetry'
import type { Target } from '../target.ts'
import { requestHeaders, responseHeaders } from './headers.ts'
import { createInstances, type Instance } from './instances.ts'

export const upstreamErrors = defineErrors({
  SERVICE_UNAVAILABLE: {
    kind: 'unavailable',
    ko: '지금은 서비스에 연결할 수 없습니다. 잠시 후 다시 시도해 주세요',
    en: 'This part of the service cannot be reached right now. Try again shortly',
  },
  SERVICE_LOST: {
    kind: 'unavailable',
    ko: '서비스가 답하지 않아 처리되었는지 확인하지 못했습니다. 확인한 뒤 다시 시도해 주세요',
    en: 'The service was lost before it answered: whether this was done is not known. Look before you try again',
  },
})

export type UpstreamOptions = Readonly<{
  /** For logs. */
  name: string
  instances: readonly URL[]
  trustProxy: boolean
  logger: Logger
  /** ms until an answer must have begun, once the request was sent, default 30,000 */
  answerMs?: number
  /** ms after which one that does not answer is asked whether it is well, default 2,000 */
  doubtMs?: number
  /** ms to connect, default 1,000 */
  connectMs?: number
  /** ms to wait for one of the instances when none works, default 3,000 */
  waitMs?: number
}>

export type Upstream = Target & Readonly<{ close(): void; instances: readonly Instance[] }>

/** Change nothing. */
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/** May be sent again although it may have had its effect: that is the same then. */
const isIdempotent = ({ method, headers }: IncomingMessage): boolean =>
  ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'].includes(method ?? '') || headers['idempotency-key'] !== undefined

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

/**
 * One service as several processes somewhere else.
 *
 * - A request whose connection was refused goes to the next instance, whatever it is: nothing of it was sent.
 * - One that was sent and lost its connection before an answer began is tried once more elsewhere, if it is idempotent and has no body
 *   (that was read only once). Others are answered with 503: what became of them nobody knows.
 * - A process that hangs takes connections and does not answer. Who has waited for 2 s has it probed; it is then left out, and what may be repeated
 *   is tried elsewhere. The others go on waiting: it may wake up.
 * - Answers are passed on as they come; a stream stays where it is until one of its ends closes it.
 * - Without any instance that works it waits for one that is being replaced, for seconds; else 503 with Retry-After.
 */
export function createUpstream(options: UpstreamOptions): Upstream {
  const { name, trustProxy, logger, answerMs = 30_000, doubtMs = 2_000, connectMs = 1_000, waitMs = 3_000 } = options
  const instances = createInstances(options.instances, isWell, waitMs)
  /** Connections whose answer is a stream that goes on. */
  const streaming = new WeakSet<Duplex>()

  type Attempt = Readonly<{
    request: IncomingMessage
    headers: ReturnType<typeof requestHeaders>
    /** The connection is there: nothing was sent on it yet. */
    connected(sent: ClientRequest): void
    answered(answer: IncomingMessage, sent: ClientRequest): void
    upgraded?(answer: IncomingMessage, socket: Duplex, head: Buffer): void
    gaveUp(): void
    /** The caller has gone. */
    isOver(): boolean
  }>

  function attempt(on: Attempt, tried: Set<Instance> = new Set(), hasWaited = false): void {
    const instance = instances.pick(tried)
    if (!instance) return hasWaited ? on.gaveUp() : waitFor(on)
    tried.add(instance)
    const { request } = on
    const sent = httpRequest({
      agent: instance.agent,
      ...urlToHttpOptions(instance.url),
      method: request.method,
      path: request.url,
      headers: on.headers,
    })
    const mayRepeat = isIdempotent(request) && !hasBody(request)
    let isConnected = false
    let isAnswered = false
    let isCounted = true
    instance.inFlight++
    const uncount = () => {
      if (isCounted) instance.inFlight--
      isCounted = false
    }
    let endWait = allow(connectMs, () => sent.destroy(new Error(`no connection within ${connectMs} ms`)))
    const expectAnswer = () => {
      if (isAnswered || sent.destroyed) return
      endWait = doubtMs < answerMs ? allow(doubtMs, doubt) : allow(answerMs, giveUp)
    }
    const giveUp = () => sent.destroy(new Error(`no answer within ${answerMs} ms`))
    const doubt = () => {
      endWait = allow(answerMs - doubtMs, giveUp)
      void instances.doubt(instance).then((isHung) => {
        if (isHung && !isAnswered && mayRepeat) sent.destroy(new Error('its process hangs'))
      })
    }
    const begin = () => {
      isConnected = true
      endWait()
      // How long a body may take is the port's patience; the service has its time when it is whole.
      if (hasBody(request) && !request.readableEnded) request.once('end', expectAnswer)
      else expectAnswer()
      on.connected(sent)
    }
    sent.once('socket', (socket) => (socket.connecting ? socket.once('connect', begin) : begin()))
    sent.once('response', (answer) => {
      endWait()
      isAnswered = true
      instances.succeeded(instance)
      on.answered(answer, sent)
    })
    sent.once('upgrade', (answer, socket, head) => {
      endWait()
      isAnswered = true
      instances.succeeded(instance)
      socket.once('close', uncount)
      on.upgraded!(answer, socket, head)
    })
    sent.once('close', () => {
      endWait()
      if (!isAnswered || !on.upgraded) uncount()
    })
    sent.once('error', (error) => {
      endWait()
      if (isAnswered || on.isOver()) return
      // A connection that was kept alive may be closed by the other side just when it is used again: that is no fault.
      if (!sent.reusedSocket) instances.failed(instance, (error as NodeJS.ErrnoException).code === 'ECONNREFUSED')
      const again = !isConnected || (mayRepeat && tried.size < 2)
      logger.warn({ err: error, upstream: name, instance: instance.url.host, again }, 'a service did not answer')
      if (!again) return on.gaveUp()
      // The same instance once more when only the kept connection was lost.
      if (sent.reusedSocket && isConnected) tried.delete(instance)
      attempt(on, tried, hasWaited)
    })
    if (on.isOver()) sent.destroy()
  }

  const waitFor = (on: Attempt): void =>
    void instances.back().then((isBack) => {
      if (isBack && !on.isOver()) attempt(on, new Set(), true)
      else on.gaveUp()
    })

  const unavailable = (isUnknown: boolean): AppError =>
    upstreamErrors[isUnknown ? 'SERVICE_LOST' : 'SERVICE_UNAVAILABLE']({ retryAfterS: 1 })

  const refuse = (request: IncomingMessage, response: ServerResponse, error: AppError): void => {
    request.unpipe()
    const problem = toProblem(error, languageOf(request.headers['accept-language']), currentTraceId())
    if (error.details.retryAfterS) response.setHeader('retry-after', String(error.details.retryAfterS))
    response.writeHead(problem.status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem))
  }

  return {
    instances: instances.all,
    close: () => instances.close(),

    request(request, response, begun) {
      const fault = faultInHead(request)
      if (fault) return refuse(request, response, fault)
      expectBody(request, hasBody(request))
      // The answer that it would get comes after a stream, which does not end.
      if (streaming.has(request.socket)) return void request.socket.destroy()
      let current: ClientRequest | undefined
      // By any of the tries: a service may have done it.
      let sentTimes = 0
      response.once('close', () => {
        current?.destroy()
        streaming.delete(request.socket)
        linger(request)
      })
      attempt({
        request,
        headers: { ...requestHeaders(request, trustProxy), ...bodyHeaders(request) },
        isOver: () => response.destroyed || response.writableEnded,
        connected(sent) {
          current = sent
          sentTimes++
          if (hasBody(request)) request.pipe(sent)
          else sent.end()
        },
        answered(answer, sent) {
          current = sent
          const status = answer.statusCode ?? 502
          // An earlier try may be the reason why this one is refused.
          if (sentTimes > 1 && status >= 400 && status < 500 && !SAFE.has(request.method ?? '')) {
            answer.resume()
            return refuse(request, response, unavailable(true))
          }
          for (const [header, value] of Object.entries(responseHeaders(answer)))
            if (value !== undefined) response.setHeader(header, value)
          response.writeHead(status)
          // A stream may have nothing to say for a while.
          response.flushHeaders()
          if (answer.headers['content-type']?.startsWith('text/event-stream')) {
            streaming.add(request.socket)
            begun?.()
          }
          // Half an answer must not look like a whole one.
          answer.once('aborted', () => response.destroy())
          answer.pipe(response)
        },
        gaveUp() {
          if (response.destroyed || response.headersSent) return
          refuse(request, response, unavailable(sentTimes > 0 && !SAFE.has(request.method ?? '')))
        },
      })
    },

    upgrade(request, socket, head) {
      const fault = faultInHead(request)
      if (fault) return refuseUpgrade(request, socket, fault)
      const { connection = 'Upgrade', upgrade = 'websocket' } = request.headers
      attempt({
        request,
        headers: { ...requestHeaders(request, trustProxy), connection, upgrade },
        isOver: () => socket.destroyed,
        connected: (sent) => void sent.end(),
        answered(answer) {
          // Refused: a usual answer instead of the upgrade.
          const lines = Object.entries(responseHeaders(answer)).map(([header, value]) => `${header}: ${String(value)}`)
          socket.write(`${statusLine(answer)}\r\n${lines.join('\r\n')}\r\nconnection: close\r\n\r\n`)
          answer.pipe(socket)
        },
        upgraded(answer, other, first) {
          const lines: string[] = []
          for (let i = 0; i < answer.rawHeaders.length; i += 2)
            lines.push(`${answer.rawHeaders[i]}: ${answer.rawHeaders[i + 1]}`)
          socket.write(`${statusLine(answer)}\r\n${lines.join('\r\n')}\r\n\r\n`)
          if (first.length > 0) socket.write(first)
          if (head.length > 0) other.write(head)
          for (const [from, to] of [
            [socket, other],
            [other, socket],
          ] as const) {
            from.on('error', () => to.destroy())
            from.on('close', () => to.destroy())
            from.pipe(to)
          }
        },
        gaveUp: () => refuseUpgrade(request, socket, unavailable(false)),
      })
    },
  }
}

/** Chunks are made anew on the other connection. */
const bodyHeaders = ({ headers }: IncomingMessage): Record<string, string> =>
  headers['transfer-encoding'] === undefined ? {} : { 'transfer-encoding': 'chunked' }

const statusLine = ({ statusCode, statusMessage }: IncomingMessage): string => `HTTP/1.1 ${statusCode} ${statusMessage}`

/** ms. */
const LATE_MS = 10

/**
 * As setTimeout, for what somebody else has to do in time. One that runs late ran after a stall of this process, before its sockets were looked
 * at: what has come meanwhile is seen only afterwards, so the other side has its time once more.
 * @returns ends it
 */
function allow(ms: number, over: () => void): () => void {
  const due = performance.now() + ms
  let timer = setTimeout(() => {
    if (performance.now() - due < LATE_MS) over()
    else timer = setTimeout(over, ms)
  }, ms)
  return () => clearTimeout(timer)
}

/** ms. An instance that hangs takes connections. */
const PROBE_ANSWER_MS = 1_000

const isWell = ({ url }: Instance): Promise<boolean> =>
  new Promise((resolve) => {
    const asked = get(new URL('/health', url), { agent: false }, (answer) => {
      answer.resume()
      resolve((answer.statusCode ?? 500) < 500)
    })
    const endWait = allow(PROBE_ANSWER_MS, () => asked.destroy(new Error('no answer')))
    asked.once('error', () => resolve(false))
    asked.once('close', endWait)
  })
