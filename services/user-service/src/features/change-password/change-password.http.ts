import { Empty, operation, principalOf, type App } from '@bigtech/http'
import { Type } from 'typebox'
import type { PasswordAttempts } from '../../access/password-attempts.http.ts'
import { userErrors } from '../../contract/errors.ts'
import { NewPasswordField, PasswordField } from '../../contract/fields.ts'
import { changePassword, type ChangePasswordPorts } from './change-password.ts'

export const ChangePasswordBody = Type.Object(
  { current_password: PasswordField, new_password: NewPasswordField },
  { examples: [{ current_password: 'Test1234!@', new_password: 'NewPass5678!' }] },
)

export type ChangePasswordRoutePorts = ChangePasswordPorts & Readonly<{ passwords: PasswordAttempts }>

export function changePasswordHttp(app: App, ports: ChangePasswordRoutePorts): void {
  app.post(
    '/auth/password',
    operation({
      id: 'changePassword',
      tag: 'auth',
      idempotent: false,
      summary: 'Change the password; the other sessions end',
      body: ChangePasswordBody,
      response: { 204: Empty },
      errors: [
        userErrors.PASSWORD_WRONG,
        userErrors.PASSWORD_BLANK,
        userErrors.PASSWORD_IS_NAME,
        userErrors.PASSWORD_COMMON,
        userErrors.PASSWORD_CHECKS_BUSY,
      ],
    }),
    async (request, reply) => {
      const { user_id, session_id } = principalOf(request)
      const { current_password, new_password } = request.body
      const command = {
        userId: user_id,
        sessionId: session_id,
        currentPassword: current_password,
        newPassword: new_password,
      }
      const attempt = { account: ports.passwords.ofUser(user_id), ip: request.ip, session: session_id }
      await ports.passwords.check(attempt, reply, () => changePassword(ports, command))
      return reply.code(204).send(null)
    },
  )
}
