import type { Clock } from '@bigtech/kernel'
import type { Reader } from '../../access/senior.ts'
import { aiErrors } from '../../contract/errors.ts'
import { MOST_ASKS_A_DAY, MOST_LINKS, type CareLink, type LinkRefusal } from '../../domain/link.ts'
import type { Friends, LinkOutcome, LinkStore } from '../../link-ports.ts'

export type LinkPorts = Readonly<{
  links: LinkStore
  friends: Friends
  clock: Clock
  /** Wakes the outbox relay. */
  notify(): void
}>

/** @throws SELF_CARE_LINK, NOT_A_FRIEND, CARE_LINKS_FULL, TOO_MANY_CARE_ASKS */
export async function askForLink(
  ports: LinkPorts,
  caller: Reader,
  { user_id: other, role }: Readonly<{ user_id: number; role: 'guardian' | 'senior' }>,
): Promise<LinkOutcome> {
  const { user_id: by } = caller
  if (other === by) throw aiErrors.SELF_CARE_LINK({ field: 'user_id' })
  await needFriend(ports, caller, other)
  const pair = role === 'guardian' ? { senior_id: by, guardian_id: other } : { senior_id: other, guardian_id: by }
  return settled(ports, caller, await ports.links.ask({ ...pair, by, now: ports.clock.now() }))
}

/** @throws CARE_LINK_NOT_FOUND, NOT_A_FRIEND, CARE_LINKS_FULL */
export async function acceptLink(ports: LinkPorts, caller: Reader, id: number): Promise<LinkOutcome> {
  const { user_id: by } = caller
  const link = await ports.links.find({ id, user_id: by })
  if (!link) throw aiErrors.CARE_LINK_NOT_FOUND()
  await needFriend(ports, caller, otherOf(link, by))
  const outcome = await ports.links.accept({ id, by, now: ports.clock.now() })
  if (!outcome) throw aiErrors.CARE_LINK_NOT_FOUND()
  return settled(ports, caller, outcome)
}

const otherOf = ({ senior_id, guardian_id }: CareLink, by: number): number =>
  by === senior_id ? guardian_id : senior_id

async function needFriend({ friends }: LinkPorts, { authorization }: Reader, other: number): Promise<void> {
  if (!(await friends.areFriends(other, authorization))) throw aiErrors.NOT_A_FRIEND()
}

/**
 * The end of a friendship ends the links there are when this service hears of it. One that is made just then would outlive it, so it is asked again once it is
 * written: what is not known to be among friends does not stay.
 */
async function settled(
  ports: LinkPorts,
  caller: Reader,
  outcome: LinkOutcome | Readonly<{ refused: LinkRefusal }>,
): Promise<LinkOutcome> {
  if ('refused' in outcome) {
    const limit = outcome.refused === 'CARE_LINKS_FULL' ? MOST_LINKS : MOST_ASKS_A_DAY
    throw aiErrors[outcome.refused]({ params: { limit } })
  }
  if (outcome.done === 'nothing') return outcome
  const { link } = outcome
  try {
    await needFriend(ports, caller, otherOf(link, caller.user_id))
  } catch (error) {
    await ports.links.end({ id: link.id, by: caller.user_id, now: ports.clock.now() })
    throw error
  } finally {
    ports.notify()
  }
  return outcome
}
