import findMyWay, { type HTTPMethod } from 'find-my-way'
import { commonErrors } from './common-errors.ts'
import type { App } from './app.ts'

/** Answers what has no route: 405 with `Allow` where the path has other methods, 404 where it has none. */
export function useAllowedMethods(app: App): void {
  const router = findMyWay({ ignoreTrailingSlash: true, maxParamLength: 500 })
  const methods = new Set<HTTPMethod>()
  app.addHook('onRoute', ({ method, url }) => {
    // A wildcard answers for pages and preflights whose paths are no resources of their own.
    if (url.includes('*')) return
    for (const one of [method].flat() as HTTPMethod[]) {
      methods.add(one)
      if (!router.hasRoute(one, url)) router.on(one, url, () => {})
    }
  })
  app.setNotFoundHandler((request, reply) => {
    const [path = '/'] = request.url.split('?', 1)
    const allow = [...methods].filter((method) => router.find(method, path)).join(', ')
    if (allow === '') throw commonErrors.ROUTE_NOT_FOUND()
    reply.header('allow', allow)
    throw commonErrors.METHOD_NOT_ALLOWED({ params: { method: request.method, allow } })
  })
}
