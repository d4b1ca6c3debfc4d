import { Type } from 'typebox'
import { PasswordField } from '../../contract/fields.ts'

/** The password form of OAuth2 (RFC 6749, 4.3). */
export const LoginForm = Type.Object({
  grant_type: Type.Optional(Type.Literal('password')),
  username: Type.String({
    minLength: 1,
    maxLength: 254,
    description: 'E-mail address or username',
    examples: ['test@example.com'],
  }),
  password: PasswordField,
})

export const LoginBody = Type.Object({
  email: Type.String({
    minLength: 1,
    maxLength: 254,
    description: 'E-mail address or username',
    examples: ['test@example.com'],
  }),
  password: PasswordField,
})
