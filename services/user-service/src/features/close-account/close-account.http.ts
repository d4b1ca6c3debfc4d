import { operation, principalOf, type App } from '@bigtech/http'
import { Type } from 'typebox'
import type { PasswordAttempts } from '../../access/password-attempts.http.ts'
import { userErrors } from '../../contract/errors.ts'
import { PasswordField } from '../../contract/fields.ts'
import { requestClosure, type RequestClosurePorts } from './request-closure.ts'

export type CloseAccountRoutePorts = RequestClosurePorts & Readonly<{ passwords: PasswordAttempts }>

export function closeAccountHttp(app: App, ports: CloseAccountRoutePorts): void {
  app.delete(
    '/users/me',
    operation({
      id: 'closeAccount',
      tag: 'users',
      idempotent: false,
      summary: 'Close the own account: it is locked at once and erased when every service has agreed',
      body: Type.Object({ password: PasswordField }),
      response: {
        202: Type.Object({
          saga_id: Type.String({ examples: ['0198c2aa-5b7c-7cc0-9a67-3f1b7f3d2a10'] }),
          status: Type.Literal('closing'),
        }),
      },
      errors: [
        userErrors.PASSWORD_WRONG,
        userErrors.PASSWORD_CHECKS_BUSY,
        userErrors.ACCOUNT_CLOSING,
        userErrors.ACCOUNT_INACTIVE,
      ],
    }),
    async (request, reply) => {
      const { user_id, session_id } = principalOf(request)
      const { password } = request.body
      const attempt = { account: ports.passwords.ofUser(user_id), ip: request.ip, session: session_id }
      const work = () => requestClosure(ports, { userId: user_id, password })
      const { saga_id } = await ports.passwords.check(attempt, reply, work)
      return reply.code(202).send({ saga_id, status: 'closing' })
    },
  )
}
