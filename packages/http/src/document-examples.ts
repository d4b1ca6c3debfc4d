/** A JSON Schema, or another object of a document. */
export type Json = { readonly [key: string]: unknown }
export type Schemas = Readonly<Record<string, Json>>

const MAX_DEPTH = 20

/**
 * An example of a schema, put together from the examples, defaults and limits of its parts.
 * @returns undefined for what has none: binary data, and anything unknown
 */
export function exampleOf(schema: Json, schemas: Schemas, depth = 0): unknown {
  if (depth > MAX_DEPTH) return undefined
  const { $ref, examples, example, const: constant, enum: words, default: preset } = schema
  if (typeof $ref === 'string') return exampleOf(schemas[$ref.split('/').at(-1)!] ?? {}, schemas, depth + 1)
  if (example !== undefined) return example
  if (Array.isArray(examples)) return examples[0]
  if (preset !== undefined) return preset
  if (constant !== undefined) return constant
  if (Array.isArray(words)) return words[0]
  const alternatives = (schema['anyOf'] ?? schema['oneOf']) as Json[] | undefined
  if (alternatives) return exampleOf(alternatives[0] ?? {}, schemas, depth + 1)
  return exampleOfType(schema, schemas, depth)
}

function exampleOfType(schema: Json, schemas: Schemas, depth: number): unknown {
  switch (schema['type']) {
    case 'object': {
      const properties = Object.entries((schema['properties'] ?? {}) as Schemas)
      const known = properties.map(([name, part]) => [name, exampleOf(part, schemas, depth + 1)] as const)
      // A body that holds a file has no example in JSON.
      if (known.some(([name, value]) => value === undefined && isRequired(schema, name))) return undefined
      return Object.fromEntries(known.filter(([, value]) => value !== undefined))
    }
    case 'array': {
      const item = exampleOf((schema['items'] ?? {}) as Json, schemas, depth + 1)
      return item === undefined ? [] : [item]
    }
    case 'integer':
    case 'number':
      return Math.max(1, Number(schema['minimum'] ?? 1))
    case 'boolean':
      return false
    case 'null':
      return null
    case 'string':
      if (schema['format'] === 'binary') return undefined
      return schema['format'] === 'date-time' ? '2026-01-27T10:00:00.000Z' : 'text'
    default:
      return undefined
  }
}

const isRequired = (schema: Json, name: string): boolean =>
  Array.isArray(schema['required']) && schema['required'].includes(name)
