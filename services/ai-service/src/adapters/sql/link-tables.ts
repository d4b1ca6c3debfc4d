import type { Generated } from 'kysely'
import type { AlertKind, ReadKind } from '../../contract/kinds.ts'

/** Tables of what is between seniors and guardians. Times: ms since the epoch. */
export type LinkTables = {
  care_links: {
    id: Generated<number>
    senior_id: number
    guardian_id: number
    asked_by: number
    state: 'asked' | 'accepted' | 'ended'
    /** 1 until it ends, NULL afterwards. */
    is_open: 1 | null
    created_at: number
    accepted_at: number | null
    ended_at: number | null
  }
  /** What a guardian who may see how somebody is wants to be told of; there is one as long as they may. */
  care_watches: {
    guardian_id: number
    senior_id: number
    quiet_days: number | null
    questionnaire: number
    cues: number
    /** The last sign of life, or since when the guardian may see any. */
    sign_at: number
    /** The sign of life after which it was told that there was none for long. */
    quiet_told: number | null
  }
  care_alerts: {
    id: Generated<number>
    guardian_id: number
    senior_id: number
    kind: AlertKind
    /** The same for what is to be told once. */
    alert_key: string
    raised_at: number
    read_at: number | null
  }
  care_reads: {
    id: Generated<number>
    senior_id: number
    reader_id: number
    what: ReadKind
    /** Since the epoch: in each there is one of a reader and kind. */
    hour: number
    read_at: number
  }
  care_notes: { id: Generated<number>; senior_id: number; author_id: number; text: string; created_at: number }
  /** On MySQL: rows to be locked. */
  care_locks: { user_id: number }
}
