import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify'

/** A Fastify instance whose routes are typed by their TypeBox schemas. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

declare module 'fastify' {
  interface FastifyRequest {
    traceparent: string
  }
  interface FastifyInstance {
    /** For an answer that becomes a stream: counted and logged now, the socket is the caller's, and no request's any more. */
    takeOver(request: FastifyRequest, reply: FastifyReply): Socket
    /** For a hand-shake, which Fastify does not see: counted and logged as a request. `path` is a pattern; `began` in ms of `performance.now()`. */
    countUpgrade(path: string, status: number, began: number): void
    /** Where a request comes from, as limits count it. */
    networkOf(request: IncomingMessage): string
  }
}
