import { isBlank } from '@bigtech/kernel'
import { userErrors } from '../contract/errors.ts'
import { normalizePassword, searchKey } from './names.ts'

/** What a password must not be: a name or an address of the account, or nothing to be seen. @throws PASSWORD_BLANK, PASSWORD_IS_NAME */
export function requireOwnPassword(
  field: string,
  password: string,
  account: Readonly<{ username: string; email: string | null; display_name?: string | null | undefined }>,
): void {
  if (isBlank(password)) throw userErrors.PASSWORD_BLANK({ field })
  const { username, display_name, email } = account
  const names = [username, display_name, email, email?.split('@')[0]].filter((name) => typeof name === 'string')
  if (names.map(searchKey).includes(searchKey(normalizePassword(password))))
    throw userErrors.PASSWORD_IS_NAME({ field })
}
