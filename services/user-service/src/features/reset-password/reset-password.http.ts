import { Empty, operation, type App } from '@bigtech/http'
import { Type } from 'typebox'
import { userErrors } from '../../contract/errors.ts'
import { KnownEmailField, NewPasswordField } from '../../contract/fields.ts'
import type { PasswordAttempts } from '../../access/password-attempts.http.ts'
import { requestReset, resetPassword, type ResetPasswordPorts } from './reset-password.ts'

export type ResetRoutePorts = ResetPasswordPorts &
  Readonly<{
    passwords: PasswordAttempts
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
      body: Type.Object({ email: KnownEmailField }),
      response: { 202: Type.Object({ status: Type.Literal('accepted') }) },
    }),
    async (request, reply) => {
      const { email } = request.body
      const attempt = { account: await ports.passwords.find(email), ip: request.ip }
      if (await ports.passwords.mail('reset', attempt, reply)) ports.background(requestReset(ports, email))
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
      errors: [
        userErrors.RESET_TOKEN_INVALID,
        userErrors.PASSWORD_BLANK,
        userErrors.PASSWORD_IS_NAME,
        userErrors.PASSWORD_COMMON,
        userErrors.PASSWORD_CHECKS_BUSY,
      ],
    }),
    async (request, reply) => {
      const { token, new_password } = request.body
      const userId = await resetPassword(ports, { token, newPassword: new_password })
      await ports.passwords.forgive(userId, request.ip)
      return reply.code(204).send(null)
    },
  )
}
