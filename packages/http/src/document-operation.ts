import { STATUS_CODES } from 'node:http'
import type { ErrorFactory } from '@bigtech/kernel'
import { Type } from 'typebox'
import { commonErrors } from './common-errors.ts'
import { bodyErrors } from './operation.ts'
import { statusOf } from './problem.ts'

type Route = Readonly<{
  method: string | readonly string[]
  config?: { errors?: readonly ErrorFactory[]; idempotent?: boolean }
}>

type ObjectSchema = Readonly<{
  required?: readonly string[]
  properties?: Readonly<Record<string, { default?: unknown }>>
}>
type Documented = Readonly<{
  response?: object
  tags?: readonly string[]
  body?: ObjectSchema
  querystring?: ObjectSchema
}>

const IdempotencyKey = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'Chosen by the client. For 24 h a repeat gets the first answer (`Idempotency-Replayed: true`).',
      examples: ['0198c2aa-5b7c-7cc0-9a67-3f1b7f3d2a10'],
    }),
  ),
})

/** Health and metrics answer whatever the rest does. */
export const OPERATIONS_TAG = 'operations'

/** What the document of an operation says beyond its route schema: errors, defaults, and the idempotency key of writes. */
export function documentedParts(
  schema: object,
  { method, config = {} }: Route,
  everywhere: readonly ErrorFactory[],
): object {
  if (!config.errors) return {}
  const writes = ![method].flat().some((one) => one === 'GET' || one === 'HEAD')
  const keyed = writes && config.idempotent !== false
  const { response, tags, body, querystring } = schema as Documented
  const errors = [
    ...config.errors,
    ...(writes ? bodyErrors : []),
    ...(keyed ? [commonErrors.IDEMPOTENCY_KEY_REUSED, commonErrors.IDEMPOTENCY_IN_PROGRESS] : []),
    ...(tags?.includes(OPERATIONS_TAG) ? [] : everywhere),
  ]
  return {
    ...(keyed ? { headers: IdempotencyKey } : {}),
    ...(body ? { body: withDefaults(body) } : {}),
    ...(querystring ? { querystring: withDefaults(querystring) } : {}),
    response: { ...response, ...problemResponses(errors, Object.keys(response ?? {})) },
  }
}

/** What has a default need not be sent, though a handler always finds it. */
function withDefaults(schema: ObjectSchema): ObjectSchema {
  const { required = [], properties = {}, ...rest } = schema
  const needed = required.filter((name) => properties[name]?.default === undefined)
  return { ...rest, ...(schema.properties ? { properties } : {}), ...(needed.length > 0 ? { required: needed } : {}) }
}

/** Response documents by status, listing the codes and giving one example each. */
function problemResponses(errors: readonly ErrorFactory[], taken: readonly string[]): Record<string, object> {
  const byStatus = Map.groupBy(new Set(errors), (error) => statusOf[error.definition.kind])
  const free = [...byStatus].filter(([status]) => !taken.includes(String(status)))
  return Object.fromEntries(
    free
      .sort(([a], [b]) => a - b)
      .map(([status, list]) => [
        status,
        {
          description: list.map((error) => `\`${error.code}\`: ${error.definition.en}`).join('  \n'),
          content: {
            'application/problem+json': {
              schema: Type.Ref('Problem'),
              examples: Object.fromEntries(list.map((error) => [error.code, { value: exampleProblem(error) }])),
            },
          },
        },
      ]),
  )
}

function exampleProblem({ code, definition }: ErrorFactory): object {
  const status = statusOf[definition.kind]
  return {
    type: 'about:blank',
    title: STATUS_CODES[status],
    status,
    detail: definition.ko,
    code,
    trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
    ...(code === commonErrors.VALIDATION_FAILED.code
      ? { errors: [{ field: 'email', message: '올바른 이메일 주소를 입력해 주세요' }] }
      : {}),
  }
}
