import { Type } from 'typebox'
import { AgeField, DisplayNameField, PhoneField, StatusMessageField, UsernameField } from '../../contract/fields.ts'

const optional = {
  display_name: Type.Optional(DisplayNameField),
  status_message: Type.Optional(StatusMessageField),
  age: Type.Optional(AgeField),
  phone: Type.Optional(PhoneField),
}

/** What is left out is cleared. */
export const ReplaceProfileBody = Type.Object({ username: UsernameField, ...optional })
/** What is left out stays; null clears. */
export const PatchProfileBody = Type.Object({ username: Type.Optional(UsernameField), ...optional })
