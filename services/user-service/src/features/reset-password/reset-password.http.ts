import { Empty, enforce, operation, type App, type RateLimiter } from '@bigtech/http'
import { Type } from 'typebox'
import { userErrors } from '../../contract/errors.ts'
import { EmailField, NewPasswordField } from '../../contract/fields.ts'
import { pseudonym } from '../../access/secrets.ts'
import { requestReset, resetPassword, type ResetPasswordPorts } from './reset-password.ts'

export type ResetRoutePorts = ResetPasswordPorts &
  Readonly<{
    attempts: RateLimiter
    /** Runs on after the answer, so that its time does not tell whether the account exists; failures are logged. */
    background: (work: Promise<void>) => void
  }>

export function resetPasswordHttp(app: App, ports: ResetRoutePorts): void {
  app.post(
    '/auth/password/forgot',
    operation({
      id: 'forgotPassword',
      tag: 'auth',
      access: 'public',
      idempotent: false,
      summary: 'Ask for a password reset mail; the answer is the same whether the account exists or not',
      body: Type.Object({ email: EmailField }),
      response: { 202: Type.Object({ status: Type.Literal('accepted') }) },
    }),
    async (request, reply) => {
      enforce(await ports.attempts.consume(`forgot:${pseudonym(request.body.email)}:${request.ip}`), reply)
      ports.background(requestReset(ports, request.body.email))
      return reply.code(202).send({ status: 'accepted' })
    },
  )
  app.post(
    '/auth/password/reset',
    operation({
      id: 'resetPassword',
      tag: 'auth',
      access: 'public',
      idempotent: false,
      summary: 'Set a new password with the token of the mail; all sessions end',
      body: Type.Object({
        token: Type.String({ minLength: 1, maxLength: 200, examples: ['k8Jd…'] }),
        new_password: NewPasswordField,
      }),
      response: { 204: Empty },
      errors: [userErrors.RESET_TOKEN_INVALID, userErrors.PASSWORD_CHECKS_BUSY],
    }),
    async (request, reply) => {
      await resetPassword(ports, { token: request.body.token, newPassword: request.body.new_password })
      return reply.code(204).send(null)
    },
  )
}
