import type { ErrorFactory } from '@bigtech/kernel'
import { Type, type TSchema } from 'typebox'
import { commonErrors } from './common-errors.ts'
import { ProblemSchema } from './problem.ts'

/**
 * Who may call: `public` anyone, `user` any signed-in user, `admin` administrators; `local` any signed-in user, and a program on this machine that asks
 * the service's own port for nobody. Finer rules are the use case's.
 */
export type Access = 'public' | 'user' | 'local' | 'admin'

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
    /** `false` where the route has an idempotency of its own, or its answer must not be stored. */
    idempotent?: boolean
    /** What the operation may answer beside its success, for the documents. */
    errors?: readonly ErrorFactory[]
  }
}

type Definition<R, B, Q, P> = {
  id: string
  tag: string
  summary: string
  description?: string
  access?: Access
  idempotent?: boolean
  consumes?: string[]
  body?: B
  querystring?: Q
  params?: P
  response: R
  /** What the use case may throw, beside the errors that follow from access and schemas. */
  errors?: readonly ErrorFactory[]
}

/** What a wrong access token leads to. */
export const tokenErrors: readonly ErrorFactory[] = [
  commonErrors.NOT_AUTHENTICATED,
  commonErrors.TOKEN_INVALID,
  commonErrors.TOKEN_EXPIRED,
]

/** Of any request: its head cannot be read, is too large, or does not come to an end. */
const requestErrors: readonly ErrorFactory[] = [
  commonErrors.MALFORMED_REQUEST,
  commonErrors.REQUEST_TIMEOUT,
  commonErrors.HEADERS_TOO_LARGE,
]

/** Of requests that may have a body; one that nobody asked for is read all the same. */
export const bodyErrors: readonly ErrorFactory[] = [commonErrors.BODY_TOO_LARGE, commonErrors.UNSUPPORTED_MEDIA_TYPE]

type Part<Name extends string, S> = [S] extends [never] ? unknown : { [N in Name]: S }

/** Route options of one documented operation: validation, serialisation, access and its OpenAPI entry from one place. */
export function operation<
  R extends Record<number, TSchema>,
  B extends TSchema = never,
  Q extends TSchema = never,
  P extends TSchema = never,
>(definition: Definition<R, B, Q, P>) {
  const {
    id,
    tag,
    summary,
    description,
    access = 'user',
    idempotent = true,
    consumes,
    response,
    errors = [],
  } = definition
  const { body, querystring, params } = definition
  const implied = [
    ...requestErrors,
    ...(access === 'public' ? [] : tokenErrors),
    ...(access === 'admin' ? [commonErrors.ADMIN_ONLY] : []),
    ...(body || querystring || params ? [commonErrors.VALIDATION_FAILED] : []),
    ...(querystring && 'cursor' in ((querystring as { properties?: object }).properties ?? {})
      ? [commonErrors.BAD_CURSOR]
      : []),
    commonErrors.RATE_LIMITED,
    commonErrors.INTERNAL,
  ]
  return {
    schema: {
      operationId: id,
      tags: [tag],
      summary,
      ...(description ? { description } : {}),
      ...(consumes ? { consumes } : {}),
      security: access === 'public' ? [] : access === 'local' ? [{ bearer: [] }, {}] : [{ bearer: [] }],
      ...(body ? { body } : {}),
      ...(querystring ? { querystring } : {}),
      ...(params ? { params } : {}),
      response,
    } as unknown as {
      operationId: string
      tags: string[]
      summary: string
      security: Record<string, string[]>[]
      response: R
    } & Part<'body', B> &
      Part<'querystring', Q> &
      Part<'params', P>,
    config: { access, idempotent, errors: [...new Set([...implied, ...errors])] },
  }
}

/** Page parameters of every list. */
export const PageQuery = Type.Object({
  cursor: Type.Optional(Type.String({ maxLength: 500, description: 'next_cursor of the page before' })),
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }),
})

export const PageOf = <T extends TSchema>(item: T) =>
  Type.Object({ items: Type.Array(item), next_cursor: Type.Union([Type.String(), Type.Null()], { examples: [null] }) })

export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

export const IdParams = Type.Object({ id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) })

/** An answer that is not JSON: only its documents come from the schema. */
export const documented = (description: string, mediaType: string, schema: object) =>
  Type.Unsafe<unknown>({ description, content: { [mediaType]: { schema } } })

export const Empty = Type.Null({ description: 'No content' })

export { ProblemSchema }
