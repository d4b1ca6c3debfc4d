import { Empty, enforce, operation, principalOf, type App, type RateLimiter } from '@bigtech/http'
import { Type } from 'typebox'
import { userErrors } from '../../contract/errors.ts'
import { NewPasswordField, PasswordField } from '../../contract/fields.ts'
import { changePassword, type ChangePasswordPorts } from './change-password.ts'

export const ChangePasswordBody = Type.Object(
  { current_password: PasswordField, new_password: NewPasswordField },
  { examples: [{ current_password: 'Test1234!@', new_password: 'NewPass5678!' }] },
)

export type ChangePasswordRoutePorts = ChangePasswordPorts & Readonly<{ attempts: RateLimiter }>

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
      errors: [userErrors.PASSWORD_WRONG, userErrors.PASSWORD_CHECKS_BUSY],
    }),
    async (request, reply) => {
      const { user_id, session_id } = principalOf(request)
      const key = `password:${user_id}`
      enforce(await ports.attempts.consume(key), reply)
      const { current_password, new_password } = request.body
      await changePassword(ports, {
        userId: user_id,
        sessionId: session_id,
        currentPassword: current_password,
        newPassword: new_password,
      })
      await ports.attempts.reset(key)
      return reply.code(204).send(null)
    },
  )
}
