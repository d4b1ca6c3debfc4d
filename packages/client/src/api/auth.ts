import { isTemporary } from '../errors.ts'
import type { CallOptions, Http } from '../http/http.ts'
import type { Session, SessionKeeper } from '../http/session.ts'
import type { OwnProfile, Page, Registration, SessionInfo, TokenPair } from '../types.ts'

const open = { method: 'POST', signedIn: false, repeat: 'never' } as const
const own = { method: 'POST', repeat: 'never' } as const

export function authApi(http: Http, session: SessionKeeper, transport: Readonly<Record<string, string>>) {
  return {
    /** Who is signed in here; undefined when nobody. */
    session: (): Session | undefined => session.current(),
    register: (user: Registration, options?: CallOptions): Promise<OwnProfile> =>
      http.json({ ...options, method: 'POST', path: '/auth/register', json: user, signedIn: false }),
    /** @param account e-mail address or username */
    async login(account: string, password: string, options?: CallOptions): Promise<Session> {
      const json = { email: account, password }
      return session.set(
        await http.json<TokenPair>({ ...options, ...open, path: '/auth/login/json', headers: transport, json }),
      )
    },
    /** With `refreshCookie`: the session of the page before; undefined when nobody is signed in. */
    restore: (): Promise<Session | undefined> => session.restore(),
    /**
     * Signed out here whatever the server answers. But a session whose refresh token is in a cookie only the server can end: while it
     * cannot be reached one stays signed in, and it throws.
     */
    async logout(options?: CallOptions): Promise<void> {
      const inCookie = session.current()?.refresh_token === null
      try {
        if (session.current()) await http.json({ ...options, ...own, path: '/auth/logout' })
      } catch (error) {
        if (inCookie && isTemporary(error)) throw error
        session.clear()
        throw error
      }
      session.clear()
    },
    /** Exchanges the tokens now. Not needed in general: calls do it by themselves. */
    async refresh(): Promise<Session> {
      await session.renew(session.current()?.access_token ?? '')
      return session.current()!
    },
    sessions: (options?: CallOptions): Promise<Page<SessionInfo>> => http.json({ ...options, path: '/auth/sessions' }),
    endSession: (id: string, options?: CallOptions): Promise<void> =>
      http.json({ ...options, method: 'DELETE', path: `/auth/sessions/${encodeURIComponent(id)}` }),
    endOtherSessions: (options?: CallOptions): Promise<{ ended: number }> =>
      http.json({ ...options, method: 'DELETE', path: '/auth/sessions' }),
    /** The other sessions end. */
    changePassword: (
      change: { current_password: string; new_password: string },
      options?: CallOptions,
    ): Promise<void> => http.json({ ...options, ...own, path: '/auth/password', json: change }),
    forgotPassword: (email: string, options?: CallOptions): Promise<{ status: 'accepted' }> =>
      http.json({ ...options, ...open, path: '/auth/password/forgot', json: { email } }),
    /** All sessions end. */
    resetPassword: (reset: { token: string; new_password: string }, options?: CallOptions): Promise<void> =>
      http.json({ ...options, ...open, path: '/auth/password/reset', json: reset }),
    /** Another mail to confirm the address with, if there is an account that has not; the answer does not say whether. */
    resendConfirmation: (email: string, options?: CallOptions): Promise<{ status: 'accepted' }> =>
      http.json({ ...options, ...open, path: '/auth/email/resend', json: { email } }),
    /** @param token of the link in the mail: good for 24 hours, and no worse for being used twice */
    confirmEmail: (token: string, options?: CallOptions): Promise<void> =>
      http.json({ ...options, ...open, path: '/auth/email/confirm', json: { token } }),
  }
}

export type AuthApi = ReturnType<typeof authApi>
