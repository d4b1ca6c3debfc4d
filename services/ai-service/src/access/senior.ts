import type { Logger } from '@bigtech/telemetry'
import { aiErrors } from '../contract/errors.ts'
import { CONSENTS, isOfGuardian, isOutdated } from '../domain/consents.ts'
import type { Friends, People } from '../link-ports.ts'
import type { Consent, ConsentStore } from '../ports.ts'

/** The words as they are now: to older ones alone nothing is shared. */
const holds = (kind: 'guardian' | 'crisis_notice') => (open: readonly Consent[], guardianId: number) =>
  open.some((one) => one.kind === kind && one.subject === String(guardianId) && one.version === CONSENTS[kind].version)

/** @param open what the senior has agreed to */
export const mayLookAt = holds('guardian')
export const mayBeTold = holds('crisis_notice')

/** What a link shows of it to both. */
export const sharesOf = (open: readonly Consent[], guardianId: number) => ({
  trends: mayLookAt(open, guardianId),
  crisis: mayBeTold(open, guardianId),
  needs_renewal: open.some((one) => isOfGuardian(one.kind) && one.subject === String(guardianId) && isOutdated(one)),
})

/** Who reads, and the token they do it with. */
export type Reader = Readonly<{ user_id: number; authorization: string }>

export type StandingPorts = Readonly<{ friends: Friends; people: People; logger: Logger }>
export type AccessPorts = StandingPorts & Readonly<{ consents: Pick<ConsentStore, 'open'> }>

/**
 * Who may see how somebody is: they themselves, and each guardian as long as they agree to it. To everybody else, administrators too, they are not there.
 * @throws SENIOR_NOT_FOUND
 */
export async function accessSenior(ports: AccessPorts, reader: Reader, seniorId: number): Promise<'self' | 'guardian'> {
  if (reader.user_id === seniorId) return 'self'
  return accessAsGuardian(ports, reader, seniorId)
}

/** Guardians alone. @throws SENIOR_NOT_FOUND */
export async function accessAsGuardian(ports: AccessPorts, reader: Reader, seniorId: number): Promise<'guardian'> {
  if (!mayLookAt(await ports.consents.open(seniorId), reader.user_id)) throw aiErrors.SENIOR_NOT_FOUND()
  if ((await stillBeside(ports, reader, [seniorId])).size === 0) throw aiErrors.SENIOR_NOT_FOUND()
  return 'guardian'
}

/**
 * Of these people those whose account is not closed, and who are still friends of the reader. What ends a link at other services is told by events, a moment
 * later than it was; so they are asked. One that does not answer takes nothing away: then what events have told holds, as late as they come.
 */
export async function stillBeside(
  { friends, people, logger }: StandingPorts,
  { authorization }: Reader,
  seniorIds: readonly number[],
): Promise<ReadonlySet<number>> {
  if (seniorIds.length === 0) return new Set()
  const unlessAway = async <T>(asked: Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await asked
    } catch (error) {
      logger.warn({ err: error }, 'whether a senior is still there cannot be asked')
      return otherwise
    }
  }
  const gone = unlessAway<ReadonlySet<number>>(people.gone(seniorIds, authorization), new Set())
  const isFriend = await Promise.all(seniorIds.map((id) => unlessAway(friends.areFriends(id, authorization), true)))
  const left = await gone
  return new Set(seniorIds.filter((id, i) => isFriend[i] && !left.has(id)))
}
