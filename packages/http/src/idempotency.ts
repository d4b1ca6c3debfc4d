import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asAttempt } from '@bigtech/kernel'
import { commonErrors } from './common-errors.ts'
import type { App } from './app.ts'

export type StoredAnswer = Readonly<{ status: number; body: string }>

/**
 * Remembers answers to requests with an `Idempotency-Key`, 24 h, per caller.
 * `begin` is atomic: of many equal calls at once exactly one gets `new`.
 */
export interface IdempotencyStore {
  begin(entry: {
    scope: string
    key: string
    fingerprint: string
    now: number
  }): Promise<{ state: 'new' } | { state: 'pending' } | { state: 'mismatch' } | { state: 'done'; answer: StoredAnswer }>
  finish(entry: { scope: string; key: string; answer: StoredAnswer }): Promise<void>
  /** Forgets a begun request whose outcome is worth another try. */
  abandon(entry: { scope: string; key: string }): Promise<void>
}

declare module 'fastify' {
  interface FastifyRequest {
    idempotency: { scope: string; key: string; fingerprint: string } | null
  }
}

const MAX_STORED_BODY = 256 * 1024
const PENDING_RETRY_MS = 25
const PENDING_TRIES = 80

/** A repeated write with the same key gets the first answer again; the same key with another request is 409. */
export function useIdempotency(app: App, store: IdempotencyStore): void {
  app.decorateRequest('idempotency', null)

  app.addHook('preHandler', async (request, reply) => {
    const key = keyOf(request)
    if (key === undefined) return
    const scope = request.principal ? `user:${request.principal.user_id}` : `ip:${request.ip}`
    const fingerprint = createHash('sha256')
      .update(JSON.stringify([request.method, request.url, request.body ?? null], withoutPasswords))
      .digest('base64')
    for (let attempt = 0; attempt < PENDING_TRIES; attempt++) {
      const outcome = await store.begin({ scope, key, fingerprint, now: Date.now() })
      if (outcome.state === 'new') {
        request.idempotency = { scope, key, fingerprint }
        return
      }
      if (outcome.state === 'mismatch') throw commonErrors.IDEMPOTENCY_KEY_REUSED()
      if (outcome.state === 'done') return replay(reply, outcome.answer)
      await new Promise((resolve) => setTimeout(resolve, PENDING_RETRY_MS))
    }
    throw commonErrors.IDEMPOTENCY_IN_PROGRESS({ retryAfterS: 2 })
  })

  // An attempt whose outcome nobody knows is repeated with its key, by which the store of the service may know it too; another request with that key
  // is another attempt.
  app.addHook('preHandler', (request, _reply, done) => {
    const { idempotency } = request
    if (!idempotency) return done()
    const { scope, key, fingerprint } = idempotency
    asAttempt(`${scope}/${key}/${fingerprint}`, done)
  })

  app.addHook('onSend', async (request, reply, payload) => {
    const entry = request.idempotency
    if (!entry) return payload
    request.idempotency = null
    const storable = payload === undefined || payload === null || typeof payload === 'string'
    const body = storable ? (payload ?? '') : ''
    const retryable = reply.statusCode >= 500 || reply.statusCode === 429 || reply.statusCode === 401
    if (!storable || retryable || body.length > MAX_STORED_BODY) await store.abandon(entry)
    else await store.finish({ ...entry, answer: { status: reply.statusCode, body } })
    return payload
  })
}

/** A stored hash over a password would be a fast way to guess it. */
const withoutPasswords = (field: string, value: unknown): unknown => (/password/i.test(field) ? undefined : value)

function keyOf(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key']
  if (key === undefined || request.method === 'GET' || request.method === 'HEAD' || request.is404) return undefined
  if (request.routeOptions.config.idempotent === false) return undefined
  if (typeof key !== 'string' || key.length === 0 || key.length > 200)
    throw commonErrors.MALFORMED_REQUEST({ params: { reason: 'Idempotency-Key must have 1 to 200 characters' } })
  return key
}

function replay(reply: FastifyReply, answer: StoredAnswer): FastifyReply {
  const problem = answer.status >= 400
  return reply
    .code(answer.status)
    .header('idempotency-replayed', 'true')
    .type(problem ? 'application/problem+json' : 'application/json; charset=utf-8')
    .serializer((body: unknown) => body as string)
    .send(answer.body)
}
