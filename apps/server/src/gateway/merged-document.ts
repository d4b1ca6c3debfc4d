import type { App } from '@bigtech/http'

type Document = {
  tags?: unknown[]
  paths?: Record<string, unknown>
  components?: { schemas?: Record<string, unknown>; securitySchemes?: unknown }
}

/** Operations that every service has for itself. */
const OWN_PATHS = new Set(['/health', '/ready', '/metrics'])

/** One OpenAPI document of all services, as the gateway offers them. */
export function mergeDocuments(gateway: App, services: readonly App[]): object {
  const own = gateway.swagger() as Document & object
  const paths: Record<string, unknown> = { ...own.paths }
  const schemas: Record<string, unknown> = { ...own.components?.schemas }
  for (const app of services) {
    const document = app.swagger() as Document
    for (const [path, item] of Object.entries(document.paths ?? {}))
      if (!OWN_PATHS.has(path)) paths[`/api${path}`] = item
    Object.assign(schemas, document.components?.schemas)
  }
  return { ...own, paths, components: { ...own.components, schemas } }
}
