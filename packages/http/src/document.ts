import { STATUS_CODES } from 'node:http'
import { exampleOf, type Json, type Schemas } from './document-examples.ts'

type Media = { schema?: Json; example?: unknown; examples?: Record<string, unknown> }
type Content = Record<string, Media>
type Operation = {
  operationId?: string
  tags?: string[]
  requestBody?: { content: Content }
  responses?: Record<string, { description?: string; content?: Content }>
}

/** The parts of an OpenAPI 3.1 document that are used here. */
export type Document = {
  tags?: { name: string }[]
  paths?: Record<string, Record<string, Operation>>
  components?: { schemas?: Schemas; examples?: Record<string, unknown>; securitySchemes?: unknown }
}

/**
 * Makes the document that @fastify/swagger builds readable: schemas with a name are referred to, not repeated; each error's
 * example stands once, in the components; bodies and answers have an example; tags are listed.
 */
export function tidyDocument<D extends Document>(document: D): D {
  const schemas = sortKeys(document.components?.schemas ?? {})
  const named = new Map(Object.entries(schemas).map(([name, schema]) => [JSON.stringify(schema), name]))
  const components = {
    ...document.components,
    schemas: Object.fromEntries(
      Object.entries(schemas).map(([name, schema]) => [name, refer(schema, named, name) as Json]),
    ),
  }
  const examples: Record<string, unknown> = {}
  const tags = new Set<string>()
  const paths = refer(document.paths ?? {}, named) as NonNullable<Document['paths']>
  for (const operation of Object.values(paths).flatMap((path) => Object.values(path))) {
    for (const tag of operation.tags ?? []) tags.add(tag)
    for (const media of Object.values(operation.requestBody?.content ?? {})) addExample(media, components.schemas)
    for (const [status, response] of Object.entries(operation.responses ?? {})) {
      if (response.description === 'Default Response') response.description = STATUS_CODES[status] ?? ''
      for (const [type, media] of Object.entries(response.content ?? {})) {
        if (type === 'application/problem+json') shareExamples(media, examples)
        else addExample(media, components.schemas)
      }
    }
  }
  return {
    ...document,
    tags: [...tags].sort().map((name) => ({ name })),
    paths,
    components: { ...components, ...(Object.keys(examples).length > 0 ? { examples: sortKeys(examples) } : {}) },
  }
}

/** Linters and generators cannot follow conditions: the schema's description tells them. */
const CONDITION = new Set(['if', 'then', 'else'])

/** A copy in which each subschema equal to a named one is a reference to it. @param self the name it stands for itself */
function refer(value: unknown, named: ReadonlyMap<string, string>, self?: string): unknown {
  if (Array.isArray(value)) return value.map((item) => refer(item, named))
  if (typeof value !== 'object' || value === null) return value
  const name = 'type' in value ? named.get(JSON.stringify(value)) : undefined
  if (name !== undefined && name !== self) return { $ref: `#/components/schemas/${name}` }
  const kept = Object.entries(value).filter(([key]) => !('if' in value && CONDITION.has(key)))
  return Object.fromEntries(kept.map(([key, item]) => [key, refer(item, named)]))
}

function addExample(media: Media, schemas: Schemas): void {
  if (!media.schema || media.example !== undefined || media.examples !== undefined) return
  const example = exampleOf(media.schema, schemas)
  if (example !== undefined) media.example = example
}

function shareExamples(media: Media, shared: Record<string, unknown>): void {
  for (const [code, example] of Object.entries(media.examples ?? {})) {
    shared[code] = example
    media.examples![code] = { $ref: `#/components/examples/${code}` }
  }
}

const sortKeys = <T>(record: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))
