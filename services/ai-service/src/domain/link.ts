/** What is between two people, seen from one link. Times: ms since the epoch. */
export type CareLink = Readonly<{
  id: number
  senior_id: number
  guardian_id: number
  asked_by: number
  state: 'asked' | 'accepted'
  created_at: number
  accepted_at: number | null
}>

/** So many links somebody has as a senior, and as many as a guardian. */
export const MOST_LINKS = 10
export const MOST_ASKS_A_DAY = 20
/** About one senior. */
export const MOST_NOTES_A_DAY = 50

/** The clocks of two services differ by no more than this. */
export const CLOCKS_DIFFER_MS = 60_000

/** Whether the link was made after the two had become friends again. In doubt it was not: what somebody wanted ended must not go on. */
export const isMadeAfter = (link: Pick<CareLink, 'created_at'>, friendsUntil: number): boolean =>
  link.created_at > friendsUntil + CLOCKS_DIFFER_MS

export type LinkRefusal = 'CARE_LINKS_FULL' | 'TOO_MANY_CARE_ASKS'

/**
 * What comes of asking: a new link, an answer to the other's (who has asked for the same), or nothing new.
 * @param facts.link of these two in these roles, that has not ended
 * @param facts.mine those that the one who asks has in their role: accepted, or asked for by themselves
 * @param facts.theirs those of the other in theirs that are accepted
 */
export function decideAsk(
  by: number,
  facts: Readonly<{ link: CareLink | undefined; askedToday: number; mine: number; theirs: number }>,
): 'ask' | 'accept' | 'keep' | LinkRefusal {
  const { link, askedToday, mine, theirs } = facts
  if (link?.state === 'accepted' || link?.asked_by === by) return 'keep'
  if (mine >= MOST_LINKS || theirs >= MOST_LINKS) return 'CARE_LINKS_FULL'
  if (link) return 'accept'
  return askedToday >= MOST_ASKS_A_DAY ? 'TOO_MANY_CARE_ASKS' : 'ask'
}
