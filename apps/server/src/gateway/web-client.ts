import { existsSync, readdirSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import type { App } from '@bigtech/http'
import fastifyStatic from '@fastify/static'
import { welcomePage } from './welcome-page.ts'

/** Where `npm start` builds it. */
export const WEB_CLIENT = join(import.meta.dirname, '../../../web/dist')

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
/** What it may fetch is said by its own answer, not by the page's: the files it keeps, and the API. */
const WORKER = '/worker.js'
const WORKER_HEADERS = {
  'content-security-policy': "default-src 'none'; connect-src 'self'",
  'cache-control': 'no-cache',
}
const FOREVER = { 'cache-control': 'public, max-age=31536000, immutable' }

/** Below these nothing is a place of the web client: an unknown path there is an error. */
const NO_PAGES = /^\/(api|docs|health|ready|metrics|openapi\.json|assets)(\/|$)/

/** Serves the built web client: its files, and for every address of its own the page. Without a build a page that says so. */
export async function serveWebClient(app: App, dist: string): Promise<void> {
  const built = existsSync(join(dist, 'index.html'))
  const schema = { hide: true }
  const access = 'public' as const
  if (!built) {
    app.get('/', { schema, config: { access } }, (_request, reply) =>
      reply.type('text/html; charset=utf-8').send(welcomePage),
    )
    return
  }
  // Only what is there now is ever sent: no path leads anywhere else.
  const names = readdirSync(dist, { recursive: true }).map((name) => `/${String(name).replaceAll('\\', '/')}`)
  // What begins with a dot is the build's own.
  const files = new Set(names.filter((name) => !name.includes('/.')))
  await app.register(fastifyStatic, { root: dist, serve: false, cacheControl: false })
  files.delete('/index.html')
  const serves = (request: IncomingMessage) => files.has(pathOf(request)) || isPage(request)
  app.get('/*', { schema, config: { access, serves } }, (request, reply) => {
    const path = pathOf(request.raw)
    if (path.startsWith('/assets/') && files.has(path)) return reply.headers(FOREVER).sendFile(path)
    if (path === WORKER && files.has(path)) return reply.headers(WORKER_HEADERS).sendFile(path)
    if (files.has(path)) return reply.header('cache-control', 'no-cache').sendFile(path)
    if (!isPage(request.raw)) return reply.callNotFound()
    return reply.headers(PAGE_HEADERS).sendFile('index.html')
  })
}

const pathOf = ({ url = '/' }: IncomingMessage): string => url.split('?', 1)[0] ?? '/'

/** Who asks for no page, a program with a wrong address, is told so. */
function isPage(request: IncomingMessage): boolean {
  const path = pathOf(request)
  if (path === '/' || path === '/index.html') return true
  return request.headers.accept?.includes('text/html') === true && !NO_PAGES.test(path)
}
