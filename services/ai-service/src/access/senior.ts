import { aiErrors } from '../contract/errors.ts'
import { CONSENTS } from '../domain/consents.ts'
import type { Consent, ConsentStore } from '../ports.ts'

/** The words as they are now: to older ones alone nothing is shared. */
const holds = (kind: 'guardian' | 'crisis_notice') => (open: readonly Consent[], guardianId: number) =>
  open.some((one) => one.kind === kind && one.subject === String(guardianId) && one.version === CONSENTS[kind].version)

/** @param open what the senior has agreed to */
export const mayLookAt = holds('guardian')
export const mayBeTold = holds('crisis_notice')

/**
 * Who may see how somebody is: they themselves, and each guardian as long as they agree to it. To everybody else, administrators too, they are not there.
 * @throws SENIOR_NOT_FOUND
 */
export async function accessSenior(
  { consents }: Readonly<{ consents: Pick<ConsentStore, 'open'> }>,
  reader: number,
  seniorId: number,
): Promise<'self' | 'guardian'> {
  if (reader === seniorId) return 'self'
  return accessAsGuardian({ consents }, reader, seniorId)
}

/** Guardians alone. @throws SENIOR_NOT_FOUND */
export async function accessAsGuardian(
  { consents }: Readonly<{ consents: Pick<ConsentStore, 'open'> }>,
  reader: number,
  seniorId: number,
): Promise<'guardian'> {
  if (!mayLookAt(await consents.open(seniorId), reader)) throw aiErrors.SENIOR_NOT_FOUND()
  return 'guardian'
}
