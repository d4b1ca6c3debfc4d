import { ApiError, notSignedIn } from '../errors.ts'
import type { AccountRole, TokenPair } from '../types.ts'

/** `localStorage` fits. Shared between tabs it lets them share one session. */
export type SessionStorage = {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

export type Session = Readonly<{
  access_token: string
  /** null: in a cookie, out of reach */
  refresh_token: string | null
  /** epoch ms, of the access token */
  expires_at: number
  user_id: number
  role: AccountRole
}>

export type SessionKeeper = {
  current(): Session | undefined
  set(pair: TokenPair): Session
  /** Forgets the session without telling anybody. */
  clear(): void
  /** A token that is good for some time yet; renewed first if need be. @throws NOT_AUTHENTICATED */
  token(): Promise<string>
  /** Another token than `stale`. Calls at the same time share one exchange. @throws ApiError, NetworkError */
  renew(stale: string): Promise<string>
  /** The session of the page before, from its cookie; undefined when there is none. @throws ApiError, NetworkError */
  restore(): Promise<Session | undefined>
  /** The server ended the session. */
  lost(code: string): void
}

export type SessionOptions = {
  storage: SessionStorage | undefined
  key: string
  now: () => number
  /** @param refreshToken null: the cookie has it */
  exchange: (refreshToken: string | null) => Promise<TokenPair>
  onSignedOut: (code: string) => void
}

/** Renewed this long before its end (or in the last fifth of a shorter life). */
const MARGIN_MS = 60_000

/**
 * The server gives a lost answer again for 30 s after the exchange. So one that failed on the way is repeated soon, ms after each
 * failure, and not first when a token is needed again.
 */
const REPEAT_AFTER_MS = [500, 1_000, 2_000, 4_000, 8_000]

/**
 * Keeps the token pair. Refresh tokens work once, so exchanges are single: in this client by a shared promise, between tabs by
 * Web Locks around storage.
 */
export function createSessionKeeper(options: SessionOptions): SessionKeeper {
  const { storage, key, now } = options
  let memory: Session | undefined
  let exchanging: Promise<string> | undefined
  let failures = 0
  let repeating: ReturnType<typeof setTimeout> | undefined

  const current = (): Session | undefined => {
    if (!storage) return memory
    const stored = read(storage, key)
    const gone = memory !== undefined && stored === undefined
    memory = stored
    if (gone) options.onSignedOut('SIGNED_OUT_ELSEWHERE')
    return memory
  }
  const clear = () => {
    memory = undefined
    storage?.removeItem(key)
  }
  const lost = (code: string) => {
    if (!current()) return
    clear()
    options.onSignedOut(code)
  }
  const set = (pair: TokenPair): Session => {
    const claims = claimsOf(pair.access_token)
    memory = {
      access_token: pair.access_token,
      refresh_token: pair.refresh_token ?? null,
      expires_at: now() + pair.expires_in * 1_000,
      user_id: Number(claims.sub),
      role: claims.role === 'admin' ? 'admin' : 'user',
    }
    storage?.setItem(key, JSON.stringify(memory))
    return memory
  }

  const exchange = async (stale: string): Promise<string> => {
    const session = current()
    if (!session) throw notSignedIn()
    if (session.access_token !== stale) return session.access_token
    try {
      const pair = await options.exchange(session.refresh_token)
      failures = 0
      // Signed out meanwhile: stays so.
      if (current()?.access_token !== stale) throw notSignedIn()
      return set(pair).access_token
    } catch (error) {
      if (isRefusal(error)) {
        const other = current()
        if (other && other.access_token !== stale) return other.access_token
        lost(error.code)
      } else repeatLater(stale)
      throw error
    }
  }

  const repeatLater = (stale: string) => {
    const delay = REPEAT_AFTER_MS[failures++]
    clearTimeout(repeating)
    if (delay === undefined) return
    // Whoever needs the token hears of the failure; here there is nobody to tell.
    repeating = setTimeout(() => void (current()?.access_token === stale && renew(stale).catch(() => {})), delay)
    unref(repeating)
  }

  const renew = (stale: string): Promise<string> => {
    exchanging ??= exclusively(`${key}:refresh`, () => exchange(stale)).finally(() => (exchanging = undefined))
    return exchanging
  }

  const restore = (): Promise<Session | undefined> =>
    exclusively(`${key}:refresh`, async () => {
      try {
        return current() ?? set(await options.exchange(null))
      } catch (error) {
        if (isRefusal(error)) return undefined
        throw error
      }
    })

  return {
    current,
    restore,
    set,
    clear,
    lost,
    renew,
    async token() {
      const session = current()
      if (!session) throw notSignedIn()
      const left = session.expires_at - now()
      if (left > marginOf(session, left)) return session.access_token
      try {
        return await renew(session.access_token)
      } catch (error) {
        if (left > 0 && !isRefusal(error)) return session.access_token
        throw error
      }
    },
  }
}

/** The server will not go on with this session, or this account; anything else may pass. */
const isRefusal = (error: unknown): error is ApiError =>
  error instanceof ApiError && (error.status === 401 || error.status === 403)

function marginOf(session: Session, left: number): number {
  const { iat, exp } = claimsOf(session.access_token)
  const life = iat !== undefined && exp !== undefined ? (exp - iat) * 1_000 : left
  return Math.min(MARGIN_MS, life / 5)
}

function read(storage: SessionStorage, key: string): Session | undefined {
  const text = storage.getItem(key)
  if (!text) return undefined
  try {
    const session = JSON.parse(text) as Session
    return typeof session.access_token === 'string' ? session : undefined
  } catch {
    return undefined
  }
}

type Claims = { sub?: string; role?: string; iat?: number; exp?: number }

/** Read, not verified: the server does that. */
function claimsOf(token: string): Claims {
  try {
    const payload = token.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/')
    return JSON.parse(atob(payload)) as Claims
  } catch {
    return {}
  }
}

/** A program that has nothing else to do may end. Browsers have numbers for timers. */
const unref = (timer: ReturnType<typeof setTimeout>): void => (timer as { unref?: () => void }).unref?.()

type Locks = { request<T>(name: string, work: () => Promise<T>): Promise<T> }

/** One at a time among all tabs of the site, where the browser has Web Locks (pages with TLS). */
function exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
  const { locks } = (globalThis as { navigator?: { locks?: Locks } }).navigator ?? {}
  return locks ? locks.request(name, work) : work()
}
