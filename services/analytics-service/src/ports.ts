import type { EventBusAdmin, StoredRecord } from '@bigtech/messaging'
import type { CareMeasure } from './domain/care.ts'
import type { Fact, Kind } from './domain/facts.ts'
import type { Scope } from './domain/scope.ts'

export type { Scope }

/** An event as the log has it, with its place. */
export type LoggedEvent = Pick<StoredRecord, 'topic' | 'partition' | 'offset' | 'value'>

/** What others told, as far back as it is kept. */
export type EventLog = Pick<EventBusAdmin, 'topics' | 'read'>

export type Position = Readonly<{ topic: string; partition: number; offset: number }>

/** What came of some events, with where in the log the next ones are. */
export type Batch = Readonly<{
  facts: readonly Fact[]
  /** Whose accounts are closed. */
  forget: readonly number[]
  /** The offset after the last one of each partition that is in the batch. */
  positions: readonly Position[]
  now: number
}>

export type Figures = Readonly<{
  messages: number
  active_people: number
  /** Mean of the days. */
  daily_active: number
  /** In the 7 and the 30 days up to the end of the period. */
  weekly_active: number
  monthly_active: number
  new_accounts: number
  closed_accounts: number
  sign_ins: number
  active_rooms: number
  new_rooms: number
}>

/** Counts of what was said, by interval; the `period` is an index of `periods`. */
export type MessageCount = Readonly<{
  period: number
  type: number
  language: number
  messages: number
  characters: number
  with_file: number
  with_mention: number
}>
export type KindCount = Readonly<{ period: number; kind: Kind; count: number }>
export type PeopleCount = Readonly<{ period: number; active: number; writers: number }>
export type RoomCount = Readonly<{ period: number; active: number }>
/** How often a time was in each class of LATENCY_BOUNDS. */
export type LatencyCounts = Readonly<{ response: readonly number[]; delivery: readonly number[] }>
/** Of those who registered in the range, who got how far by its end. */
export type Funnel = Readonly<{ registered: number; signed_in: number; befriended: number; wrote: number }>
/** Of those who registered in period `cohort` how many were active in period `period`. */
export type CohortCount = Readonly<{ cohort: number; period: number; active: number }>
export type TopRoom = Readonly<{ room_id: number; messages: number }>

/** Of a week, which begins at `start`. */
export type CareCount = Readonly<{ start: number; measure: CareMeasure; entries: number; people: number }>

export type ExportRow = Readonly<Record<string, string | number | null>>

/**
 * The facts, and what is asked of them.
 *
 * - `write` is one transaction: facts, positions, and who is forgotten. A fact with `at`, `event` and `kind` of one that is there
 *   changes nothing, whenever and in whatever order they come. It resolves when the batch is durable.
 * - Who is forgotten has another id in all facts from then on, in those that come later as well: counts stay what they were, and what belongs
 *   together does; nobody can tell whose it was once `forgetKeys` has dropped the link (repeats of events need it as long as they can come).
 * - Answers are of all that `write` resolved before they were asked for; each is of one moment.
 * - `seal` makes old days cheap to ask for; answers are the same before and after.
 */
export interface FactStore {
  write(batch: Batch): Promise<void>
  positions(): Promise<Position[]>

  figures(scope: Scope): Promise<{ range: Figures; before: Figures }>
  kindCounts(scope: Scope, kinds: readonly Kind[]): Promise<KindCount[]>
  messageCounts(scope: Scope): Promise<MessageCount[]>
  /** Messages of the range by hour of the day, 24 numbers. */
  hoursOfDay(scope: Scope): Promise<number[]>
  peopleCounts(scope: Scope): Promise<PeopleCount[]>
  funnel(scope: Scope): Promise<Funnel>
  roomCounts(scope: Scope): Promise<RoomCount[]>
  topRooms(scope: Scope, limit: number): Promise<TopRoom[]>
  latencies(scope: Scope): Promise<LatencyCounts>
  cohorts(scope: Scope): Promise<CohortCount[]>
  /** Weeks that begin within the range. */
  careCounts(scope: Scope): Promise<CareCount[]>

  /** @returns the number of days that were sealed, at most `limit` */
  seal(options: { now: number; limit: number }): Promise<number>
  /** Drops the links between the ids that people had and have of those forgotten before. */
  forgetKeys(before: number): Promise<void>
  /** Whether anything here has this id of a person. */
  knows(userId: number): Promise<boolean>
  totals(): Promise<{ facts: number; first_at: number | null; last_at: number | null }>
  /** Rows of one kind as a Parquet file; a column that has only whole numbers has integers. */
  parquetOf(rows: readonly ExportRow[]): Promise<Uint8Array>

  /** Makes it anew by itself, where that is not done from the log of events. @param tell what is read, of what there is */
  remake?(tell: (read: number, total: number) => void): Promise<void>
  /** Whether there is anything yet; costs nothing. */
  exists(): boolean
  /** An empty one beside this, which knows the same people as forgotten. What an earlier one left is removed. */
  openBeside(): Promise<FactStore>
  /** Takes from another over what happened before a time, by kind; nothing of kinds without one. */
  adopt(other: FactStore, before: ReadonlyMap<number, number>): Promise<void>
  /** One made by `openBeside` takes the place of this one, which is asked and written to as before. It is closed. */
  replaceWith(other: FactStore): Promise<void>
  close(): Promise<void>
}
