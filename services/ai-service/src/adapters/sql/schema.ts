import type { InboxTables, OutboxTables } from '@bigtech/messaging'
import type { LeaseTables } from '@bigtech/service'
import type { Generated, Kysely, Transaction } from 'kysely'
import type { EntryKind, RecordingState } from '../../contract/kinds.ts'
import type { ConsentKind } from '../../domain/consents.ts'
import type { SafetyLevel } from '../../domain/types.ts'
import type { LinkTables } from './link-tables.ts'

export type AiSchema = OutboxTables &
  LeaseTables &
  InboxTables &
  LinkTables & {
    consents: {
      id: Generated<number>
      user_id: number
      kind: ConsentKind
      /** A host, the id of a guardian, or empty. */
      subject: string
      version: number
      /** The kind and the subject while it holds; NULL afterwards. */
      open_key: string | null
      given_at: number
      withdrawn_at: number | null
      /** The words that its person was told of, when they are newer than these. */
      renewal_told: number | null
    }
    entries: {
      id: Generated<number>
      user_id: number
      kind: EntryKind
      created_at: number
      expires_at: number
      safety_level: SafetyLevel
      /** Only of who asked for it. */
      text: string | null
      mood: number | null
      /** JSON */
      analysis: string | null
      /** JSON */
      questionnaire: string | null
    }
    /** What somebody made in an hour since the epoch, whatever became of it: `entry`, or `note` and whom it is about. */
    made_counts: { user_id: number; what: string; hour: number; n: number }
    counted_weeks: { week_start: number; counted_at: number }
    recordings: {
      id: Generated<number>
      user_id: number
      state: RecordingState
      /** The process that has it in memory, and until when it is believed to live unless it says so anew. */
      owner: string
      lease_until: number
      progress: number
      seconds: number
      keep_text: number
      created_at: number
      updated_at: number
      /** NULL until it has come to an end. */
      ended_at: number | null
      error_code: string | null
      entry_id: number | null
      /** JSON; with the transcript, and so for a short time only. */
      result: string | null
      result_until: number | null
    }
  }
export type Db = Kysely<AiSchema>
export type Trx = Transaction<AiSchema>
