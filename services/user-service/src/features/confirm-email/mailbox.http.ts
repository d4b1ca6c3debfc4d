import { operation, type App } from '@bigtech/http'
import { Type } from 'typebox'
import { userErrors } from '../../contract/errors.ts'
import { MailboxSchema } from '../../contract/mailbox.ts'
import { mailboxOf, type ConfirmEmailPorts } from './confirm-email.ts'

/** For the service that sends mails. */
export function mailboxHttp(app: App, ports: ConfirmEmailPorts): void {
  app.post(
    '/internal/users/:user_id/mailbox',
    operation({
      id: 'mailbox',
      tag: 'internal',
      access: 'public',
      idempotent: false,
      summary: 'Where somebody gets their mails; with a token that confirms the address, if it is to be confirmed',
      params: Type.Object({ user_id: Type.Integer({ minimum: 1 }) }),
      body: Type.Object({ with_token: Type.Boolean() }),
      response: { 200: MailboxSchema },
      errors: [userErrors.USER_NOT_FOUND],
    }),
    async ({ params, body }) => {
      const box = await mailboxOf(ports, params.user_id, body.with_token)
      if (!box) throw userErrors.USER_NOT_FOUND()
      return box
    },
  )
}
