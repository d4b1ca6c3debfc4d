import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { currentTraceId } from '@bigtech/telemetry'
import { languageOf, toAppError, toProblem } from './problem.ts'

/** ms. An answer to what is no request is read at once, or never: a socket that stays half open would stay for ever. */
const LINGER_MS = 1_000

/** Answers a request for an upgrade with a problem document, and ends its socket. */
export const refuseUpgrade = (request: IncomingMessage, socket: Duplex, thrown: unknown): void =>
  endWithProblem(socket, thrown, request.headers['accept-language'])

/** The same where there is no request: what arrived is none. */
export function endWithProblem(socket: Duplex, thrown: unknown, acceptLanguage?: string): void {
  if (socket.destroyed) return
  socket.on('error', () => socket.destroy())
  const error = toAppError(thrown)
  const problem = toProblem(error, languageOf(acceptLanguage), currentTraceId())
  const body = JSON.stringify(problem)
  const seconds = error.details.retryAfterS
  const headers = [
    `HTTP/1.1 ${problem.status} ${problem.title}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    ...(seconds === undefined ? [] : [`retry-after: ${Math.ceil(seconds)}`]),
    'connection: close',
  ]
  socket.end(`${headers.join('\r\n')}\r\n\r\n${body}`)
  setTimeout(() => socket.destroy(), LINGER_MS).unref()
}
