import { operation, type App } from '@bigtech/http'
import { userErrors } from '../../contract/errors.ts'
import { OwnProfile } from '../../contract/schemas.ts'
import { refTo } from '../../contract/fields.ts'
import { ownProfile } from '../../views/own-profile.ts'
import { RegisterBody } from './register-user.schema.ts'
import { registerUser, type RegisterUserPorts } from './register-user.ts'

export function registerUserHttp(app: App, ports: RegisterUserPorts): void {
  app.post(
    '/auth/register',
    operation({
      id: 'register',
      tag: 'auth',
      access: 'public',
      summary: 'Create an account',
      body: RegisterBody,
      response: { 201: refTo(OwnProfile) },
      errors: [
        userErrors.EMAIL_TAKEN,
        userErrors.USERNAME_TAKEN,
        userErrors.TEXT_NOT_PLAIN,
        userErrors.NAME_CONFUSABLE,
        userErrors.PASSWORD_BLANK,
        userErrors.PASSWORD_IS_NAME,
        userErrors.PASSWORD_COMMON,
        userErrors.PASSWORD_CHECKS_BUSY,
      ],
    }),
    async (request, reply) => {
      const user = await registerUser(ports, request.body)
      return reply.code(201).header('location', `/users/${user.id}`).send(ownProfile(user, ports.imageUrl))
    },
  )
}
