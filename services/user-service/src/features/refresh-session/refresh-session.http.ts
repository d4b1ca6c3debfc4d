import { operation, type App } from '@bigtech/http'
import { Type } from 'typebox'
import { userErrors } from '../../contract/errors.ts'
import { refTo, TokenPair } from '../../contract/fields.ts'
import { cookieToken, missingToken, sendPair } from '../../access/refresh-cookie.http.ts'
import { refreshSession, type RefreshPorts } from './refresh-session.ts'

export const RefreshBody = Type.Object({
  refresh_token: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'Left out when the cookie has it',
      examples: ['p3v1…'],
    }),
  ),
})

/** A page that is loaded anew while its refresh is under way never sees the new cookie, and comes again with the old one. */
const COOKIE_GRACE_MS = 10_000

export function refreshSessionHttp(app: App, ports: RefreshPorts): void {
  app.post(
    '/auth/refresh',
    operation({
      id: 'refresh',
      tag: 'auth',
      access: 'public',
      idempotent: false,
      summary: 'Exchange a refresh token for a new pair (each refresh token works once)',
      body: RefreshBody,
      response: { 200: refTo(TokenPair) },
      errors: [
        userErrors.REFRESH_TOKEN_INVALID,
        userErrors.REFRESH_TOKEN_REUSED,
        userErrors.ACCOUNT_INACTIVE,
        userErrors.ACCOUNT_CLOSING,
      ],
    }),
    async (request, reply) => {
      const { refresh_token } = request.body
      const fromCookie = refresh_token === undefined ? cookieToken(request) : undefined
      const refreshToken = refresh_token ?? fromCookie
      if (refreshToken === undefined) throw missingToken(request)
      const graceMs = fromCookie === undefined ? 0 : COOKIE_GRACE_MS
      const pair = await refreshSession(ports, { refreshToken, ip: request.ip, graceMs })
      return sendPair(request, reply, pair, ports.sessionLifeMs)
    },
  )
}
