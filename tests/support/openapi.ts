import type { Method } from './http.ts'

export type Schema = {
  type?: string
  format?: string
  enum?: unknown[]
  const?: unknown
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  anyOf?: Schema[]
  allOf?: Schema[]
  minimum?: number
  maxLength?: number
  examples?: unknown[]
  default?: unknown
}

type Parameter = { name: string; in: 'path' | 'query' | 'header'; schema: Schema; required?: boolean }

/** One operation of an OpenAPI document. `path` is the gateway's, with `{parameters}`. */
export type Operation = {
  id: string
  method: Method
  path: string
  isPublic: boolean
  parameters: Parameter[]
  /** The schema of its JSON body. */
  body: Schema | undefined
  mediaTypes: string[]
}

type Document = {
  paths: Record<
    string,
    Record<
      string,
      {
        operationId: string
        security?: object[]
        parameters?: Parameter[]
        requestBody?: { content: Record<string, { schema: Schema }> }
        responses: Record<string, { content?: Record<string, { examples?: Record<string, unknown> }> }>
      }
    >
  >
  components: { schemas: Record<string, Schema> }
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete']

/** The gateway's merged document. */
export const readDocument = async (gateway: string): Promise<Document> =>
  (await (await fetch(`${gateway}/openapi.json`)).json()) as Document

/** Every operation of the gateway's merged document. */
export async function readOperations(gateway: string): Promise<Operation[]> {
  const document = await readDocument(gateway)
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => METHODS.includes(method))
      .map(([method, operation]) => {
        const content = operation.requestBody?.content ?? {}
        return {
          id: operation.operationId,
          method: method.toUpperCase() as Method,
          path,
          isPublic: operation.security?.length === 0,
          parameters: operation.parameters ?? [],
          body: (content['application/json'] ?? content['application/x-www-form-urlencoded'])?.schema,
          mediaTypes: Object.keys(content),
        }
      }),
  )
}

/** A value that fits the schema. */
export function sample(schema: Schema): unknown {
  if (schema.examples?.[0] !== undefined) return schema.examples[0]
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  if (schema.default !== undefined) return schema.default
  const [alternative] = schema.anyOf ?? []
  if (alternative) return sample(alternative)
  switch (schema.type) {
    case 'integer':
    case 'number':
      return schema.minimum ?? 1
    case 'boolean':
      return true
    case 'array':
      return [sample(schema.items ?? { type: 'string' })]
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {})
          .filter(([name]) => schema.required?.includes(name))
          .map(([name, of]) => [name, sample(of)]),
      )
    default:
      return 'text'
  }
}

/** The types a schema's values may have; empty when it does not say. */
export const typesOf = (schema: Schema): string[] =>
  schema.anyOf ? schema.anyOf.flatMap(typesOf) : schema.type ? [schema.type] : []

/** The path with its parameters filled in, encoded. */
export const fill = (path: string, values: Readonly<Record<string, string | number>>): string =>
  path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(String(values[name] ?? 1)))
