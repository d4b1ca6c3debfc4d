import type { TokenPair } from '../types.ts'

export type Asked = { method: string; path: string; headers: Headers; body: string; signal: AbortSignal }
export type Answer = { status?: number; json?: unknown; headers?: Record<string, string> } | Error

/** A `fetch` that asks `answer` instead of a server. */
export function fakeFetch(answer: (asked: Asked) => Answer | Promise<Answer>): { fetch: typeof fetch; asked: Asked[] } {
  const asked: Asked[] = []
  return {
    asked,
    async fetch(input, init = {}) {
      const { pathname, search } = new URL(typeof input === 'string' ? input : '')
      const one: Asked = {
        method: init.method ?? 'GET',
        path: pathname.replace(/^\/api/, '') + search,
        headers: new Headers(init.headers),
        body: typeof init.body === 'string' ? init.body : '',
        signal: init.signal!,
      }
      asked.push(one)
      const aborted = new Promise<never>((_resolve, reject) =>
        one.signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError'))),
      )
      const given = await Promise.race([answer(one), aborted])
      if (given instanceof Error) throw given
      const { status = 200, json = {}, headers = {} } = given
      return new Response(status === 204 ? null : JSON.stringify(json), { status, headers })
    },
  }
}

export const problem = (status: number, code: string, headers: Record<string, string> = {}): Answer => ({
  status,
  headers,
  json: { type: 'about:blank', title: 'x', status, detail: `text of ${code}`, code, trace_id: 'trace' },
})

let serial = 0

/** A token pair of user 7. @param life seconds */
export function tokens(life = 900): TokenPair {
  const iat = 1_700_000_000
  const claims = { sub: '7', sid: 's', role: 'user', iat, exp: iat + life, jti: ++serial }
  const access_token = `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`
  return { access_token, refresh_token: `refresh-${serial}`, token_type: 'bearer', expires_in: life }
}
