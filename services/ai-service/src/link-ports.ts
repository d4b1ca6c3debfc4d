import type { CareLink, LinkRefusal } from './domain/link.ts'

export type { CareLink } from './domain/link.ts'

export type LinkOutcome = Readonly<{ link: CareLink; done: 'asked' | 'accepted' | 'nothing' }>

/**
 * Links of seniors and guardians. What is decided of two people is decided one after the other, across processes: equal and crossing asks make one link. Each
 * change is written with its events in one transaction.
 */
export interface LinkStore {
  /** Asked for by both it is accepted. */
  ask(
    command: Readonly<{ by: number; senior_id: number; guardian_id: number; now: number }>,
  ): Promise<LinkOutcome | Readonly<{ refused: LinkRefusal }>>
  /** Of the one who was asked. @returns undefined when they have not been */
  accept(
    command: Readonly<{ id: number; by: number; now: number }>,
  ): Promise<LinkOutcome | Readonly<{ refused: LinkRefusal }> | undefined>
  /** With what the senior had agreed to for this guardian, and all that rests on it. @returns whether there was one of theirs */
  end(command: Readonly<{ id: number; by: number; now: number }>): Promise<boolean>
  /** All between these two, in both roles: they are no friends any more. */
  endBetween(event: Readonly<{ event_id: string; now: number; by: number; other: number }>): Promise<void>
  /** Those that have not ended, in both roles, the newest first. @param before the id of the last of the page before */
  of(query: Readonly<{ user_id: number; before: number | undefined; limit: number }>): Promise<CareLink[]>
  /** One of theirs that has not ended. */
  find(query: Readonly<{ id: number; user_id: number }>): Promise<CareLink | undefined>
  /** Guardians whose link was accepted, by the time of it. */
  guardiansOf(seniorId: number): Promise<number[]>
}

/** friend-service, asked with the caller's own token. */
export interface Friends {
  /** Whether the caller and this person are friends; who has blocked the other is none. */
  areFriends(userId: number, authorization: string): Promise<boolean>
}
