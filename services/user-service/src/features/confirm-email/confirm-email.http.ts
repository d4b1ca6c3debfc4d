import { Empty, operation, type App } from '@bigtech/http'
import { Type } from 'typebox'
import type { PasswordAttempts } from '../../access/password-attempts.http.ts'
import { userErrors } from '../../contract/errors.ts'
import { KnownEmailField } from '../../contract/fields.ts'
import { askConfirmation, confirmEmail, type ConfirmEmailPorts } from './confirm-email.ts'

export type ConfirmRoutePorts = ConfirmEmailPorts &
  Readonly<{
    passwords: PasswordAttempts
    /** Runs on after the answer, so that its time does not tell whether the account exists; failures are logged. */
    background: (work: Promise<void>) => void
  }>

export function confirmEmailHttp(app: App, ports: ConfirmRoutePorts): void {
  app.post(
    '/auth/email/resend',
    operation({
      id: 'resendConfirmation',
      tag: 'auth',
      access: 'public',
      idempotent: false,
      summary:
        'Ask for another mail that confirms the address; the answer is the same whether the account exists or not',
      body: Type.Object({ email: KnownEmailField }),
      response: { 202: Type.Object({ status: Type.Literal('accepted') }) },
    }),
    async (request, reply) => {
      const { email } = request.body
      const attempt = { account: await ports.passwords.find(email), ip: request.ip }
      if (await ports.passwords.mail('confirmation', attempt, reply)) ports.background(askConfirmation(ports, email))
      return reply.code(202).send({ status: 'accepted' })
    },
  )
  app.post(
    '/auth/email/confirm',
    operation({
      id: 'confirmEmail',
      tag: 'auth',
      access: 'public',
      idempotent: false,
      summary: 'Confirm the address of an account with the token of the mail',
      body: Type.Object({ token: Type.String({ minLength: 1, maxLength: 200, examples: ['k8Jd…'] }) }),
      response: { 204: Empty },
      errors: [userErrors.CONFIRMATION_TOKEN_INVALID],
    }),
    async (request, reply) => {
      await confirmEmail(ports, request.body.token)
      return reply.code(204).send(null)
    },
  )
}
