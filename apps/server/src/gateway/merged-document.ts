import type { Document } from '@bigtech/http'

/** Operations that every service has for itself. */
const OWN_PATHS = new Set(['/', '/health', '/ready', '/metrics'])

/**
 * One OpenAPI document of all services, as the gateway offers them. Names mean the same in every service (a test checks it).
 * @param missing services whose operations are not known
 */
export function mergeDocuments(
  own: Document & { info?: { description?: string } },
  documents: readonly Document[],
  missing: readonly string[],
): Document {
  const paths = documents.flatMap((document) =>
    Object.entries(document.paths ?? {})
      .filter(([path]) => !OWN_PATHS.has(path))
      .map(([path, item]) => [`/api${path}`, item] as const),
  )
  const all = [own, ...documents]
  const tags = new Set(all.flatMap((document) => (document.tags ?? []).map((tag) => tag.name)))
  return {
    ...own,
    ...(missing.length > 0 ? { info: { ...own.info, description: withNote(own.info?.description, missing) } } : {}),
    tags: [...tags].sort().map((name) => ({ name })),
    paths: { ...own.paths, ...Object.fromEntries(paths) },
    components: {
      ...own.components,
      schemas: merge(all.map((document) => document.components?.schemas)),
      examples: merge(all.map((document) => document.components?.examples)),
    },
  }
}

function merge<T>(parts: readonly (Readonly<Record<string, T>> | undefined)[]): Record<string, T> {
  const entries = parts.flatMap((part) => Object.entries(part ?? {}))
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}

const withNote = (description: string | undefined, missing: readonly string[]): string =>
  `${description ?? ''}\n\nNot in this document, because nobody answers for it at the moment: ${missing.join(', ')}.`.trim()
