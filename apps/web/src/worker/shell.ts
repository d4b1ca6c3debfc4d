import { isPage } from '../lib/notices.ts'
import { scope } from './scope.ts'

/** Put in by the build: the files of the web client, and a name for this set of them. */
declare const SHELL_FILES: readonly string[]
declare const SHELL_VERSION: string

const PREFIX = 'shell:'
const NAME = `${PREFIX}${SHELL_VERSION}`

/** Kept as this build made them: a page that is open goes on with its own files while the server has newer ones. */
export const keepShell = async (): Promise<void> => (await caches.open(NAME)).addAll(['/', ...SHELL_FILES])

/** Then no page needs older ones any more. */
export async function dropOldShells(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== NAME)
  await Promise.all(old.map((name) => caches.delete(name)))
}

/** @returns undefined for what is not the shell's, above all the API: the browser asks the server */
export function shellAnswer(request: Request): Promise<Response> | undefined {
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== scope.location.origin) return undefined
  if (request.mode === 'navigate') return isPage(request.url) ? page(request) : undefined
  // Named by their content: the kept one is the same.
  if (pathname.startsWith('/assets/')) return keptOr(pathname, request)
  return SHELL_FILES.includes(pathname) ? fetch(request).catch(() => keptOr(pathname, request)) : undefined
}

/** The server's, which is the newest; without a network the kept one, which says so itself. */
async function page(request: Request): Promise<Response> {
  try {
    return await fetch(request)
  } catch (error) {
    const kept = await (await caches.open(NAME)).match('/')
    if (!kept) throw error
    return kept
  }
}

const keptOr = async (path: string, request: Request): Promise<Response> =>
  (await (await caches.open(NAME)).match(path)) ?? fetch(request)
