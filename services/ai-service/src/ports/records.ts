import type { EventRecord } from '@bigtech/messaging/contract'
import type { EntryKind, QuestionnaireName } from '../contract/kinds.ts'
import type { KeptAnalysis } from '../domain/kept.ts'
import type { SafetyLevel } from '../domain/types.ts'

/** Something a person handed in. */
export type Entry = Readonly<{
  id: number
  user_id: number
  kind: EntryKind
  created_at: number
  /** From then on nobody is shown it. */
  expires_at: number
  safety: SafetyLevel
  /** Only of who asked for it. */
  text: string | null
  /** 1 (bad) to 5 (good). */
  mood: number | null
  analysis: KeptAnalysis | null
  questionnaire: AnsweredQuestionnaire | null
}>

export type AnsweredQuestionnaire = Readonly<{
  name: QuestionnaireName
  score: number
  max: number
  /** Its id. */
  band: string
  /** Whether the published cut-off is reached. */
  positive: boolean
  answers: readonly number[]
}>

export type NewEntry = Omit<Entry, 'id'>

/** What an entry needs when it is kept: it may have been taken back while it was analysed. */
export type Keeping = Readonly<{
  /** Version of the words of `analysis` that must be agreed to then. */
  consent: number
  /** So many a person may hand in within 24 hours. */
  perDay: number
  /** Told if and only if the entry is kept. */
  events: (id: number) => readonly EventRecord[]
}>

export type Kept = Readonly<{ id: number }> | Readonly<{ refused: 'no_consent' | 'too_many' }>

/** Of an event, which may come again. */
type Once = Readonly<{ event_id: string; now: number }>

/** What people handed in. Of an entry that has expired nothing is told, whether it is there still or not. */
export interface EntryStore {
  /** Keeps it, and its events with it, if there is the consent: who takes it back, or closes the account, at the same time has nothing kept after that. */
  add(entry: NewEntry, keeping: Keeping): Promise<Kept>
  one(asked: Readonly<{ user_id: number; id: number; now: number }>): Promise<Entry | undefined>
  /** The newest first. @param asked.before an id */
  list(
    asked: Readonly<{
      user_id: number
      kind: EntryKind | undefined
      before: number | undefined
      limit: number
      now: number
    }>,
  ): Promise<Entry[]>
  /** @returns whether there was one */
  forget(asked: Readonly<{ user_id: number; id: number; now: number }>): Promise<boolean>
  /** All of a person, with an event if there were any. */
  forgetAll(asked: Readonly<{ user_id: number; now: number; event: EventRecord }>): Promise<void>
  /** Removes what has expired. @returns how many; fewer than `limit`: there are no more */
  expire(asked: Readonly<{ now: number; limit: number }>): Promise<number>
  /** The account is closed. */
  erase(asked: Once & Readonly<{ user_id: number; event: EventRecord }>): Promise<void>
}
