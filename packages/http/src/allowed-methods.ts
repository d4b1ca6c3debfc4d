import type { IncomingMessage } from 'node:http'
import findMyWay, { type HTTPMethod } from 'find-my-way'
import type { AppError } from '@bigtech/kernel'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { commonErrors } from './common-errors.ts'
import type { App } from './app.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Of a wildcard that is GET's: whether the path of this request, whatever its method, is one that GET answers. */
    serves?: (request: IncomingMessage) => boolean
  }
}

const OPTIONS = { ignoreTrailingSlash: true, maxParamLength: 500 } as const

/** Answers what has no route: 405 with `Allow` where the path has other methods, 404 where it has none. */
export function useAllowedMethods(app: App): void {
  const router = findMyWay(OPTIONS)
  /** Each path under one method: finds the path that is meant, whatever its methods are. */
  const paths = findMyWay(OPTIONS)
  const methodsOf = new Map<string, Set<HTTPMethod>>()
  /** Paths with parameters that also match a fixed one, for its other methods: /friends/:user_id and /friends/requests. */
  const shadowed = new Set<string>()

  const wildcards: ((request: IncomingMessage) => boolean)[] = []

  app.addHook('onRoute', ({ method, url, config }) => {
    // A wildcard answers for pages and preflights; which of its paths there are only itself knows.
    if (url.includes('*')) {
      if (method === 'GET' && config?.serves) wildcards.push(config.serves)
      return
    }
    const methods = methodsOf.get(url) ?? new Set()
    if (!paths.hasRoute('GET', url)) paths.on('GET', url, () => {}, { url })
    methodsOf.set(url, methods)
    for (const one of [method].flat() as HTTPMethod[]) {
      methods.add(one)
      if (!router.hasRoute(one, url)) router.on(one, url, () => {}, { url })
    }
  })
  app.addHook('onReady', (done) => {
    const all = new Set([...methodsOf.values()].flatMap((methods) => [...methods]))
    for (const [url, own] of methodsOf)
      for (const method of all.difference(own)) {
        const found = urlOf(router.find(method, url))
        if (found !== undefined) shadowed.add(found)
      }
    done()
  })
  /** Before the body is looked at: what nobody asks for need not be readable. */
  app.addHook('onRequest', (request, reply, done) => {
    const { url } = request.routeOptions
    // `/entries/` is what becomes of `/entries/{id}` without an id: it deletes none, and never all.
    if (request.method === 'DELETE' && /.\/$/.test(pathOf(request.url))) return done(commonErrors.ROUTE_NOT_FOUND())
    // A wildcard of GET answers for pages, that of OPTIONS for preflights.
    const isPage = request.method !== 'OPTIONS' && url?.includes('*') === true
    if (!request.is404 && !isPage && (url === undefined || !shadowed.has(url))) return done()
    const meant = urlOf(paths.find('GET', pathOf(request.url)))
    if (!request.is404 && (meant === url || meant === undefined)) return done()
    if (meant !== undefined) return done(refuse(methodsOf.get(meant) ?? [], request, reply))
    const isServed = request.is404 && wildcards.some((serves) => serves(request.raw))
    done(isServed ? refuse(['GET', 'HEAD'], request, reply) : commonErrors.ROUTE_NOT_FOUND())
  })
  app.setNotFoundHandler(() => {
    throw commonErrors.ROUTE_NOT_FOUND()
  })

  function refuse(methods: Iterable<HTTPMethod>, { method }: FastifyRequest, reply: FastifyReply): AppError {
    const allow = [...methods].join(', ')
    reply.header('allow', allow)
    return commonErrors.METHOD_NOT_ALLOWED({ params: { method, allow } })
  }
}

const pathOf = (url: string): string => url.split('?', 1)[0] ?? '/'

const urlOf = (found: { store: unknown } | null): string | undefined =>
  (found?.store as { url: string } | undefined)?.url
