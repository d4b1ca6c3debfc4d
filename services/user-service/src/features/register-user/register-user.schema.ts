import { Type } from 'typebox'
import {
  AgeField,
  DisplayNameField,
  EmailField,
  NewPasswordField,
  PhoneField,
  UsernameField,
} from '../../contract/fields.ts'

export const RegisterBody = Type.Object({
  email: EmailField,
  username: UsernameField,
  password: NewPasswordField,
  display_name: Type.Optional(DisplayNameField),
  age: Type.Optional(AgeField),
  phone: Type.Optional(PhoneField),
})
