import { CONSENTS } from '../domain/consents.ts'
import type { Consent } from '../ports.ts'

/** The words as they are now: to older ones alone nothing is shared. */
const holds = (kind: 'guardian' | 'crisis_notice') => (open: readonly Consent[], guardianId: number) =>
  open.some((one) => one.kind === kind && one.subject === String(guardianId) && one.version === CONSENTS[kind].version)

/** @param open what the senior has agreed to */
export const mayLookAt = holds('guardian')
export const mayBeTold = holds('crisis_notice')
