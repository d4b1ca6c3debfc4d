import swagger from '@fastify/swagger'
import type { ErrorFactory } from '@bigtech/kernel'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyRequest } from 'fastify'
import { documentedParts } from './document-operation.ts'
import { tidyDocument, type Document } from './document.ts'
import type { App } from './app.ts'

export type DocsOptions = {
  /** e.g. `{name: 'user-service', title: 'User Service'}`; the title is what /health prints. */
  service: { name: string; title: string; description: string }
  /** The document to show, if it is not the routes' own (the gateway merges those of all services). */
  document?: (app: App) => Promise<object>
  /** Errors that any operation but health and metrics may answer with, because of what the process runs on. */
  everywhere?: readonly ErrorFactory[]
}

/**
 * What the page of Swagger UI may load. The plugin's own policy has browsers ask for everything over TLS, which most machines in a
 * home do not speak, and forbids the page's own inline styles.
 */
const DOCS_POLICY =
  "default-src 'self'; base-uri 'self'; font-src 'self' data:; frame-ancestors 'self'; img-src 'self' data:; object-src 'none'; " +
  "script-src 'self'; script-src-attr 'none'; style-src 'self' 'unsafe-inline'"

/** OpenAPI 3.1 at `/openapi.json` from the route schemas, and Swagger UI at `/docs`. */
export async function useDocs(app: App, { service, document, everywhere = [] }: DocsOptions): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: `BigTech Chat ${service.title}`,
        version: '0.1.0',
        description: service.description,
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      },
    },
    transform: ({ schema, url, route }) => ({
      schema: { ...schema, ...documentedParts(schema ?? {}, route, everywhere) },
      url,
    }),
    transformObject: (documentObject) =>
      'openapiObject' in documentObject ? tidyDocument(documentObject.openapiObject as Document) : {},
    refResolver: {
      buildLocalReference: (json, _base, _fragment, i) => (typeof json['$id'] === 'string' ? json['$id'] : `def-${i}`),
    },
  })
  app.addHook('onRoute', (route) => {
    if (route.url.startsWith('/docs')) route.config = { ...route.config, access: 'public' }
  })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    uiConfig: { deepLinking: true, persistAuthorization: true },
    staticCSP: DOCS_POLICY,
    ...(document ? shownInstead(() => document(app)) : {}),
  })
  app.get('/openapi.json', { schema: { hide: true }, config: { access: 'public' } }, () =>
    document ? document(app) : app.swagger(),
  )
}

/** The plugin wants the document at once: it is fetched before. */
function shownInstead(document: () => Promise<object>) {
  const found = new WeakMap<object, object>()
  return {
    uiHooks: {
      async preHandler(request: FastifyRequest) {
        if (/\/(json|yaml)$/.test(request.routeOptions.url ?? '')) found.set(request, await document())
      },
    },
    transformSpecification: (_own: object, request: FastifyRequest) => found.get(request)!,
    transformSpecificationClone: false,
  }
}
