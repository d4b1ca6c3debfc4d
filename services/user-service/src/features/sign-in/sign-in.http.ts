import { commonErrors, operation, type App } from '@bigtech/http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { clientOf } from '../../access/client-info.ts'
import { userErrors } from '../../contract/errors.ts'
import { refTo, TokenPair } from '../../contract/fields.ts'
import type { PasswordAttempts } from '../../access/password-attempts.http.ts'
import { sendPair } from '../../access/refresh-cookie.http.ts'
import { LoginBody, LoginForm } from './sign-in.schema.ts'
import { signIn, type SignInPorts } from './sign-in.ts'

export type SignInRoutePorts = SignInPorts & Readonly<{ passwords: PasswordAttempts }>

export function signInHttp(app: App, ports: SignInRoutePorts): void {
  const shared = {
    tag: 'auth',
    access: 'public',
    idempotent: false,
    response: { 200: refTo(TokenPair) },
    errors: [
      userErrors.CREDENTIALS_INVALID,
      userErrors.ACCOUNT_INACTIVE,
      userErrors.ACCOUNT_CLOSING,
      userErrors.EMAIL_NOT_CONFIRMED,
      userErrors.PASSWORD_CHECKS_BUSY,
    ],
  } as const

  const login = async (request: FastifyRequest, reply: FastifyReply, account: string, password: string) => {
    const found = await ports.passwords.find(account)
    const command = { account, user: found.user, password, ...clientOf(request) }
    const attempt = { account: found, ip: request.ip }
    const pair = await ports.passwords.check(attempt, reply, () => signIn(ports, command))
    return sendPair(request, reply, pair, ports.sessionLifeMs)
  }

  app.post(
    '/auth/login',
    operation({
      ...shared,
      id: 'login',
      summary: 'Sign in with the OAuth2 password form',
      consumes: ['application/x-www-form-urlencoded'],
      body: LoginForm,
    }),
    (request, reply) => {
      // A JSON body would pass the schema too; the documents promise the form only.
      if (!request.headers['content-type']?.startsWith('application/x-www-form-urlencoded'))
        throw commonErrors.UNSUPPORTED_MEDIA_TYPE({ params: { expected: 'application/x-www-form-urlencoded' } })
      return login(request, reply, request.body.username, request.body.password)
    },
  )
  app.post(
    '/auth/login/json',
    operation({ ...shared, id: 'loginJson', summary: 'Sign in with JSON', body: LoginBody }),
    (request, reply) => login(request, reply, request.body.email, request.body.password),
  )
}
