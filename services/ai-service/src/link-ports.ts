import type { AlertKind, ReadKind } from './contract/kinds.ts'
import type { AlertRules, HandedIn } from './domain/alert-rules.ts'
import type { CareLink, LinkRefusal } from './domain/link.ts'
import type { Once } from './ports.ts'

export type { CareLink } from './domain/link.ts'

export type Pair = Readonly<{ senior_id: number; guardian_id: number }>

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
  /**
   * All between these two, in both roles: since `at` they are no friends any more. Those that were made later stay: the two have become friends again,
   * and it is told late.
   */
  endBetween(event: Readonly<{ event_id: string; at: number; now: number; by: number; other: number }>): Promise<void>
  /** Those that have not ended, in both roles, the newest first. @param before the id of the last of the page before */
  of(query: Readonly<{ user_id: number; before: number | undefined; limit: number }>): Promise<CareLink[]>
  /** One of theirs that has not ended. */
  find(query: Readonly<{ id: number; user_id: number }>): Promise<CareLink | undefined>
  /** Guardians whose link was accepted, by the time of it. */
  guardiansOf(seniorId: number): Promise<number[]>
  /** Accepted links of which this person is the guardian. */
  seniorsOf(guardianId: number): Promise<CareLink[]>
}

/** friend-service, asked with the caller's own token. */
export interface Friends {
  /** Whether the caller and this person are friends; who has blocked the other is none. */
  areFriends(userId: number, authorization: string): Promise<boolean>
}

/** user-service, asked with the caller's own token. */
export interface People {
  /** Those of them whose account is closed or is being closed, or who never were. */
  gone(userIds: readonly number[], authorization: string): Promise<ReadonlySet<number>>
}

export type AlertRow = Readonly<{
  id: number
  guardian_id: number
  senior_id: number
  kind: AlertKind
  raised_at: number
  read_at: number | null
}>

/**
 * What guardians are told, and what they want to be told. Each thing once, however often and by however many processes it is found; only to whom the senior
 * agrees at that moment, in the words as they are now. With its event, and with a line of the senior's audit, in one transaction.
 */
export interface AlertStore {
  /** Undefined for who may not see how the senior is. */
  rules(pair: Pair): Promise<AlertRules | undefined>
  /** @returns whether they may */
  setRules(command: Pair & Readonly<{ rules: AlertRules; now: number }>): Promise<boolean>
  /** Something was handed in: a sign of life, and perhaps more. */
  handedIn(event: Once & Readonly<{ senior_id: number; handed: HandedIn }>): Promise<void>
  /** Only a sign of life. */
  signOfLife(event: Once & Readonly<{ senior_id: number; at: number }>): Promise<void>
  /** Of whom there was none for as long as their guardians wanted. @returns how many alerts were raised */
  tellOfSilence(now: number): Promise<number>
  /** Those of a guardian, about one senior or all, the newest first. @param before the id of the last of the page before */
  list(
    query: Readonly<{ guardian_id: number; senior_id?: number | undefined; before: number | undefined; limit: number }>,
  ): Promise<AlertRow[]>
  read(command: Readonly<{ guardian_id: number; which: 'all' | readonly number[]; now: number }>): Promise<void>
  /** By senior. */
  unread(guardianId: number): Promise<Map<number, number>>
  /** Raised about this person, the newest first: for them to see. */
  about(seniorId: number): Promise<AlertRow[]>
}

export type ReadRow = Readonly<{ id: number; reader_id: number; what: ReadKind; read_at: number }>
export type NoteRow = Readonly<{ id: number; senior_id: number; author_id: number; text: string; created_at: number }>

/** What guardians look at and write of a senior, all of it for the senior to see. */
export interface WatchStore {
  /** That a guardian looks at something, before it is shown: one line an hour, reader and kind. @returns false when they may not (any more) */
  looks(command: Pair & Readonly<{ what: ReadKind; now: number }>): Promise<boolean>
  reads(query: Readonly<{ senior_id: number; before: number | undefined; limit: number }>): Promise<ReadRow[]>
  /** As many a day as MOST_NOTES_A_DAY says, by whole hours, with those that were deleted since. */
  addNote(
    note: Pair & Readonly<{ text: string; now: number }>,
  ): Promise<NoteRow | Readonly<{ refused: 'SENIOR_NOT_FOUND' | 'TOO_MANY_CARE_NOTES' }>>
  notes(query: Readonly<{ senior_id: number; before: number | undefined; limit: number }>): Promise<NoteRow[]>
  /** By who wrote it, while they are a guardian, or whom it is of. @returns whether there was one */
  removeNote(command: Readonly<{ id: number; senior_id: number; by: number }>): Promise<boolean>
  /** Written by this person about others: for them to take along. */
  notesBy(authorId: number): Promise<NoteRow[]>
  /** What is kept no longer. */
  prune(now: number): Promise<void>
}
