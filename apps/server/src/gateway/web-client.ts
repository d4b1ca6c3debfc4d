import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { App } from '@bigtech/http'
import fastifyStatic from '@fastify/static'
import { welcomePage } from './welcome-page.ts'

/**
 * What the page of the web client may do: its own scripts and styles, its own server, pictures and sounds it has in memory.
 * No inline scripts, so that a text that got into the page as markup would still not run.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "media-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self' blob:",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

const PAGE_HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'microphone=(self), camera=(), geolocation=()',
  'referrer-policy': 'same-origin',
  // The page names its files by their content: it must be asked for anew, they never.
  'cache-control': 'no-cache',
}
const FOREVER = { 'cache-control': 'public, max-age=31536000, immutable' }

/** Below these nothing is a place of the web client: an unknown path there is an error. */
const NO_PAGES = /^\/(api|docs|health|ready|metrics|openapi\.json|assets)(\/|$)/

/** Serves the built web client: its files, and for every address of its own the page. Without a build a page that says so. */
export async function serveWebClient(app: App, dist: string): Promise<void> {
  const built = existsSync(join(dist, 'index.html'))
  const hidden = { schema: { hide: true }, config: { access: 'public' } } as const
  if (!built) {
    app.get('/', hidden, (_request, reply) => reply.type('text/html; charset=utf-8').send(welcomePage))
    return
  }
  // Only what is there now is ever sent: no path leads anywhere else.
  const names = readdirSync(dist, { recursive: true }).map((name) => `/${String(name).replaceAll('\\', '/')}`)
  // What begins with a dot is the build's own.
  const files = new Set(names.filter((name) => !name.includes('/.')))
  await app.register(fastifyStatic, { root: dist, serve: false, cacheControl: false })
  app.get('/*', hidden, (request, reply) => {
    const [path = '/'] = request.url.split('?', 1)
    if (path.startsWith('/assets/') && files.has(path)) return reply.headers(FOREVER).sendFile(path)
    if (files.has(path) && path !== '/index.html') return reply.header('cache-control', 'no-cache').sendFile(path)
    // Who asks for no page, a program with a wrong address, is told so.
    const wantsPage = path === '/' || request.headers.accept?.includes('text/html') === true
    if (!wantsPage || NO_PAGES.test(path)) return reply.callNotFound()
    return reply.headers(PAGE_HEADERS).sendFile('index.html')
  })
}
