import type { EventRecord } from '@bigtech/messaging/contract'
import type { EntryKind, QuestionnaireName, RecordingState } from '../contract/kinds.ts'
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
  /** So many a person may hand in within 24 hours, by whole hours; what was deleted since counts too. */
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
  /** For trends: those of a time, without their texts, by their ids from the one after `after` on. */
  during(
    asked: Readonly<{ user_id: number; start: number; end: number; after: number; limit: number; now: number }>,
  ): Promise<Entry[]>
  /** When the newest came. */
  lastAt(asked: Readonly<{ user_id: number; now: number }>): Promise<number | null>
  /** @returns whether there was one */
  forget(asked: Readonly<{ user_id: number; id: number; now: number }>): Promise<boolean>
  /** All of a person, their recordings too, with an event if there were any. */
  forgetAll(asked: Readonly<{ user_id: number; now: number; event: EventRecord }>): Promise<void>
  /** Removes what has expired. @returns how many; fewer than `limit`: there are no more */
  expire(asked: Readonly<{ now: number; limit: number }>): Promise<number>
  /** The account is closed. */
  erase(asked: Once & Readonly<{ user_id: number; event: EventRecord }>): Promise<void>
}

/** A recording that is listened to while nobody waits. The sound itself is in the memory of its owner. */
export type RecordingJob = Readonly<{
  id: number
  user_id: number
  state: RecordingState
  /** From 0 to 1. */
  progress: number
  /** Recordings before it in the process that has it, while it waits. */
  ahead: number
  seconds: number
  created_at: number
  updated_at: number
  /** A code of the catalogue. */
  error_code: string | null
  entry_id: number | null
  /** JSON: the analysis with the transcript; gone an hour after it was done, or soon after it was fetched. */
  result: string | null
}>

/** Whose it is: only its owner may say how far it is, and only until it has ended. */
export type Owned = Readonly<{ id: number; owner: string; now: number }>

/** A recording ends once: as `done`, `failed` or `cancelled`, whoever says so first; what comes later changes nothing. */
export interface RecordingStore {
  add(
    job: Readonly<{
      user_id: number
      owner: string
      seconds: number
      keep_text: boolean
      now: number
      lease_until: number
    }>,
  ): Promise<number>
  /** `blocked`: an earlier one of the same person has not ended, in this process or another; `over`: it has ended itself. */
  begin(owned: Owned): Promise<'begun' | 'blocked' | 'over'>
  /** @returns false when it has ended */
  progress(owned: Owned & Readonly<{ state: 'listening' | 'analysing'; progress: number }>): Promise<boolean>
  /** Done, with its entry and their events; or, without the consent, failed, and nothing is kept. */
  finish(
    owned: Owned & Readonly<{ entry: NewEntry; keeping: Keeping; result: string; result_until: number }>,
  ): Promise<Kept | 'over'>
  fail(owned: Owned & Readonly<{ code: string }>): Promise<void>
  /** One that has not ended is cancelled; one that has is forgotten, its entry is not. @returns whether there was one */
  cancel(asked: Readonly<{ user_id: number; id: number; now: number }>): Promise<boolean>
  /** Says that these are in memory still. @returns those that have not ended */
  renew(asked: Readonly<{ owner: string; ids: readonly number[]; lease_until: number }>): Promise<number[]>
  /** Ends those that nobody has in memory any more: whose owner has not said so in time, or (`owner`) has just been started anew. @returns how many */
  endLost(asked: Readonly<{ now: number; code: string; owner?: string }>): Promise<number>
  /** @param asked.fetched_until what is told of the result now is gone from then on */
  one(
    asked: Readonly<{ user_id: number; id: number; now: number; fetched_until: number }>,
  ): Promise<RecordingJob | undefined>
  /** The newest first. @param asked.before an id @param asked.results whether with their results, which stay unfetched */
  list(
    asked: Readonly<{ user_id: number; before: number | undefined; limit: number; now: number; results?: true }>,
  ): Promise<RecordingJob[]>
  /** Removes results whose time is over, and recordings that ended before `ended_before`. */
  expire(asked: Readonly<{ now: number; ended_before: number }>): Promise<void>
}

/** Entries of everybody, to be counted once a week. */
export interface WeekStore {
  isCounted(weekStart: number): Promise<boolean>
  /** By their ids from the one after `after` on; those that have expired and are there still as well. */
  entriesOf(asked: Readonly<{ start: number; end: number; after: number; limit: number }>): Promise<Entry[]>
  /** Says that the week is counted, with what is told of it. @returns false when another process has done it meanwhile */
  tell(week: Readonly<{ week_start: number; now: number; events: readonly EventRecord[] }>): Promise<boolean>
}
