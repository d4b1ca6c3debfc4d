import { userErrors } from '../contract/errors.ts'
import { requireOwnPassword } from '../domain/passwords.ts'
import type { CommonPasswords } from '../ports.ts'

/** The door of every new password. @throws PASSWORD_BLANK, PASSWORD_IS_NAME, PASSWORD_COMMON */
export async function requireGoodPassword(
  ports: Readonly<{ commonPasswords: CommonPasswords }>,
  password: string,
  account: Parameters<typeof requireOwnPassword>[2],
  field: 'password' | 'new_password' = 'new_password',
): Promise<void> {
  requireOwnPassword(field, password, account)
  if (await ports.commonPasswords.has(password)) throw userErrors.PASSWORD_COMMON({ field })
}
