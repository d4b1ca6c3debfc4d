import { Empty, operation, type App } from '@bigtech/http'
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

export function refreshSessionHttp(app: App, ports: RefreshPorts): void {
  app.post(
    '/auth/refresh',
    operation({
      id: 'refresh',
      tag: 'auth',
      access: 'public',
      idempotent: false,
      summary: 'Exchange a refresh token for a new pair',
      description:
        'Each refresh token works once. Within 30 seconds, and while the token it gave was not used, it may come again (an answer was lost, two tabs asked) and gives the same one again; later its session ends. 204: a page asked whether its browser has a session, and it has no cookie.',
      body: RefreshBody,
      response: { 200: refTo(TokenPair), 204: Empty },
      errors: [
        userErrors.REFRESH_TOKEN_INVALID,
        userErrors.REFRESH_TOKEN_REUSED,
        userErrors.ACCOUNT_INACTIVE,
        userErrors.ACCOUNT_CLOSING,
      ],
    }),
    async (request, reply) => {
      const { refresh_token } = request.body
      const refreshToken = refresh_token ?? cookieToken(request)
      // A page cannot know whether it has a cookie. That it has none is no fault, and none for the browser's console.
      if (refreshToken === null) return reply.code(204).send(null)
      if (refreshToken === undefined) throw missingToken(request)
      const pair = await refreshSession(ports, { refreshToken, ip: request.ip })
      return sendPair(request, reply, pair, ports.sessionLifeMs)
    },
  )
}
