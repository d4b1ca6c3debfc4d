/**
 * What the protocol rests on, as pure functions: each line is a rule without which some promise breaks, and the simulator takes them
 * away one by one to see that it notices. Everything else in this package is the plumbing around them.
 */
export type Rules = Readonly<{
  /** An owner that meets a document of a later term is one no more, whatever it believes of its lease. */
  isSuperseded(term: number, documentTerm: number): boolean
  /** Whether what lies at the place of one's document is it. */
  isOwn(by: string, found: string): boolean
  /** Whether an owner begins with a document of its own, so that inserts of its predecessor come before it or never. */
  beginsWithDocument: boolean
  /** The first document a new owner looks at: the last that was applied may be of a later owner already. */
  takeOverFrom(applied: number): number
  /** A document's time: after the one before and after every promise, also one whose storing is under way. */
  nextAt(nowUs: number, last: number, promised: number): number
  /** What an idle owner may tell as the floor of a place: what the lease is known to hold, and was promised when it was there. */
  announcedFloor(stored: number, promised: number): number
  /** A command that has been carried out is answered, not carried out again. */
  isRepeat(earlier: unknown): boolean
  /** A copy of a call that was refused is refused again: it may come late, when it would no longer be. */
  isCopy(refusal: unknown): boolean
  /** Whether an owner may answer without writing, so many ms after its lease was confirmed: the fence does not stop it then. */
  mayRefuse(ageMs: number, leaseMs: number): boolean
  /** The last document that may be emptied: a new owner looks at the last that was applied, and publishes those after the cursor. */
  mayEmptyTo(applied: number, published: number): number
  /** Whether an entry is the next of its room. */
  follows(f: number, next: number): boolean
  /** Whether a room that was delivered up to `f` has all that a commit says of it. */
  hasReached(f: number, head: number): boolean
  /** The next commit that may count as seen, when `announced` is the highest that was told. */
  nextToSee(seen: number, announced: number): number
  /** What a node has seen of all partitions is what it has seen of the slowest. */
  token(seen: readonly number[]): number
}>

export const RULES: Rules = {
  isSuperseded: (term, documentTerm) => documentTerm > term,
  isOwn: (by, found) => by === found,
  beginsWithDocument: true,
  takeOverFrom: (applied) => Math.max(1, applied),
  nextAt: (nowUs, last, promised) => Math.max(nowUs, last + 1, promised + 1),
  announcedFloor: (stored, promised) => Math.min(stored, promised),
  isRepeat: (earlier) => earlier !== undefined,
  isCopy: (refusal) => refusal !== undefined,
  mayRefuse: (ageMs, leaseMs) => ageMs < leaseMs,
  mayEmptyTo: (applied, published) => Math.min(applied - 1, published),
  follows: (f, next) => next === f + 1,
  hasReached: (f, head) => f >= head,
  nextToSee: (seen) => seen + 1,
  token: (seen) => Math.min(...seen),
}
