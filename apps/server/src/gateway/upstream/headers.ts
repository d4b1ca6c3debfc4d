import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import { addressOf } from '@bigtech/http'
import { newTraceparent, parseTraceparent } from '@bigtech/telemetry'

/** They concern one connection, not the message (RFC 9110 section 7.6.1). */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]

/**
 * Of the whole message, whatever `Connection` says: with the length taken away a body would be read as the next request, and another one's
 * answer would be somebody's.
 */
const OF_THE_MESSAGE: ReadonlySet<string> = new Set(['host', 'content-length'])

/** What only services say to each other: nobody from outside may. */
const INTERNAL = /^x-internal-/

function withoutHops(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const named = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase())
  const left = new Set([...HOP_BY_HOP, ...named.filter((name) => !OF_THE_MESSAGE.has(name))])
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !left.has(name)))
}

/**
 * The headers of a request as they go on to a service: the caller's address is the last of X-Forwarded-For, as services read it with
 * TRUST_PROXY; a trace begins here if there is none.
 */
export function requestHeaders(request: IncomingMessage, trustProxy: boolean): OutgoingHttpHeaders {
  const headers = withoutHops(request.headers)
  for (const name of Object.keys(headers)) if (INTERNAL.test(name) || name === 'x-forwarded-host') delete headers[name]
  if (!parseTraceparent(headers['traceparent'] as string | undefined)) headers['traceparent'] = newTraceparent()
  return {
    ...headers,
    'x-forwarded-for': addressOf(request, trustProxy),
    // A request of HTTP/1.0 may have none.
    ...(headers['host'] === undefined ? {} : { 'x-forwarded-host': headers['host'] }),
    'x-forwarded-proto':
      (trustProxy && headers['x-forwarded-proto']) || ('encrypted' in request.socket ? 'https' : 'http'),
  }
}

export const responseHeaders = (response: IncomingMessage): OutgoingHttpHeaders => withoutHops(response.headers)
