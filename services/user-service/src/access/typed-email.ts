import { asBefore, normalizeEmail } from '../domain/names.ts'
import type { User } from '../domain/user.ts'
import type { UserRecords } from '../ports.ts'

/** Whose address it is, however it was typed. */
export async function findByTypedEmail(
  users: Pick<UserRecords, 'findByEmail'>,
  typed: string,
): Promise<User | undefined> {
  const email = normalizeEmail(typed)
  const before = asBefore(typed)
  return (await users.findByEmail(email)) ?? (before === email ? undefined : users.findByEmail(before))
}

/** @param domain undefined: it is of none */
export const isOfDomain = (email: string | null, domain: string | undefined): boolean =>
  domain !== undefined && email !== null && email.endsWith(`@${domain}`)
