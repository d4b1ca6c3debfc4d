import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import formats from 'ajv-formats'
import type { FastifySchemaValidationError } from 'fastify'
import type { FieldError } from '@bigtech/kernel'
import type { Language } from './problem.ts'

const common = { allErrors: false, useDefaults: true, removeAdditional: false, strict: false, verbose: true } as const

/**
 * Bodies are taken as they are; query, path and header values arrive as text and are converted.
 * `allErrors` is on for bodies only, so that a form gets one message a field; of a long list not each item gets its own.
 */
export function createValidators() {
  const body = new Ajv({ ...common, allErrors: true, coerceTypes: false })
  const text = new Ajv({ ...common, coerceTypes: 'array' })
  for (const ajv of [body, text]) {
    formats.default(ajv)
    ajv.addKeyword('x-error')
  }
  return ({ schema, httpPart }: { schema: object; httpPart?: string }) =>
    httpPart === 'body' ? bounded(body.compile(schema)) : decimal(text.compile(schema))
}

/** Conversion alone would take `+1`, `01`, `1e3`, `0x1` and ` 1` for numbers: one thing would have many addresses. */
const DECIMAL = /^(0|-?[1-9]\d*)$/

type TextSchema = Readonly<{ type?: string; items?: TextSchema; properties?: Readonly<Record<string, TextSchema>> }>

function decimal(validate: ValidateFunction): ValidateFunction {
  const { properties = {} } = validate.schema as TextSchema
  const numbers = Object.entries(properties).filter(([, { type, items }]) => (items?.type ?? type) === 'integer')
  if (numbers.length === 0) return validate
  const strict = ((data: Record<string, unknown>, context?: Parameters<ValidateFunction>[1]) => {
    const wrong = numbers.find(([name]) =>
      [data[name]].flat().some((value) => typeof value === 'string' && !DECIMAL.test(value)),
    )
    const valid = !wrong && validate(data, context)
    strict.errors = wrong ? [notDecimal(...wrong)] : (validate.errors ?? null)
    return valid
  }) as ValidateFunction
  return Object.assign(strict, { schema: validate.schema, schemaEnv: validate.schemaEnv })
}

const notDecimal = (name: string, parentSchema: object): ErrorObject => ({
  keyword: 'type',
  instancePath: `/${name}`,
  schemaPath: `#/properties/${name}/type`,
  params: { type: 'integer' },
  message: 'must be integer',
  parentSchema,
})

/** An answer that names every bad item of a body would be many times its size. */
const MAX_ERRORS = 50

function bounded(validate: ValidateFunction): ValidateFunction {
  const limited = ((data: unknown, context?: Parameters<ValidateFunction>[1]) => {
    const valid = validate(data, context)
    limited.errors = validate.errors?.slice(0, MAX_ERRORS) ?? null
    return valid
  }) as ValidateFunction
  return Object.assign(limited, { schema: validate.schema, schemaEnv: validate.schemaEnv })
}

type Explained = ErrorObject & { parentSchema?: { 'x-error'?: { ko: string; en: string } } }

/** One readable entry a field. A schema's `x-error: {ko, en}` replaces the general text. */
export function explain(errors: readonly FastifySchemaValidationError[], language: Language): FieldError[] {
  const fields = new Map<string, string>()
  for (const raw of errors) {
    const error = raw as unknown as Explained
    const property = String(error.params['missingProperty'] ?? error.params['additionalProperty'] ?? '')
    const path = error.instancePath.slice(1).replaceAll('/', '.')
    const field = [path, property].filter(Boolean).join('.') || 'body'
    if (!fields.has(field)) fields.set(field, messageFor(error, language))
  }
  return [...fields].map(([field, message]) => ({ field, message }))
}

function messageFor(error: Explained, language: Language): string {
  const own = error.parentSchema?.['x-error']
  if (own && error.keyword !== 'required') return own[language]
  const p = error.params as Record<string, string | number>
  const general: Record<string, { ko: string; en: string }> = {
    required: { ko: '필수 항목입니다', en: 'is required' },
    type: { ko: `${p['type']} 형식이어야 합니다`, en: `must be of type ${p['type']}` },
    minLength: { ko: `${p['limit']}자 이상이어야 합니다`, en: `must have at least ${p['limit']} characters` },
    maxLength: { ko: `${p['limit']}자 이하여야 합니다`, en: `must have at most ${p['limit']} characters` },
    minimum: { ko: `${p['limit']} 이상이어야 합니다`, en: `must be at least ${p['limit']}` },
    maximum: { ko: `${p['limit']} 이하여야 합니다`, en: `must be at most ${p['limit']}` },
    minItems: { ko: `${p['limit']}개 이상이어야 합니다`, en: `must have at least ${p['limit']} items` },
    maxItems: { ko: `${p['limit']}개 이하여야 합니다`, en: `must have at most ${p['limit']} items` },
    format: { ko: `${p['format']} 형식이 아닙니다`, en: `is not a valid ${p['format']}` },
    pattern: { ko: '형식이 올바르지 않습니다', en: 'does not have the expected form' },
    enum: { ko: '허용되지 않는 값입니다', en: 'is not one of the allowed values' },
    const: { ko: '허용되지 않는 값입니다', en: 'is not one of the allowed values' },
    additionalProperties: { ko: '알 수 없는 항목입니다', en: 'is not a known field' },
  }
  return (
    general[error.keyword]?.[language] ??
    (language === 'ko' ? '올바르지 않은 값입니다' : (error.message ?? 'is not valid'))
  )
}
