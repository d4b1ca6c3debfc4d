import { operation, type App } from '@bigtech/http'
import { Type } from 'typebox'
import { userErrors } from '../../contract/errors.ts'
import { refTo, TokenPair } from '../../fields.ts'
import { refreshSession, type RefreshPorts } from './refresh-session.ts'

export const RefreshBody = Type.Object({
  refresh_token: Type.String({ minLength: 1, maxLength: 200, examples: ['p3v1…'] }),
})

export function refreshSessionRoutes(app: App, ports: RefreshPorts): void {
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
      const pair = await refreshSession(ports, { refreshToken: request.body.refresh_token, ip: request.ip })
      return reply.header('cache-control', 'no-store').send(pair)
    },
  )
}
