import type { InboxTables, OutboxTables } from '@bigtech/messaging'
import type { LeaseTables } from '@bigtech/service'
import type { Generated, Kysely, Transaction } from 'kysely'
import type { RequestStatus } from '../../domain/pair.ts'
import type { ReportReason } from '../../ports.ts'

export type FriendSchema = OutboxTables &
  LeaseTables &
  InboxTables & {
    requests: {
      id: Generated<number>
      from_user_id: number
      to_user_id: number
      status: RequestStatus
      created_at: number
      decided_at: number | null
    }
    friendships: { user_id: number; friend_id: number; since: number }
    reports: {
      id: Generated<number>
      reporter_id: number
      user_id: number
      reason: ReportReason
      note: string
      /** JSON */
      message_ids: string
      created_at: number
      /** Both or neither: it is open. */
      handled_by: number | null
      handled_at: number | null
    }
    /** On MySQL: rows to be locked, of two people or of one (twice the same id). Nothing is known of a pair by its being here. */
    pairs: { lower_id: number; higher_id: number }
    blocks: { user_id: number; blocked_user_id: number; since: number }
    profiles: {
      user_id: number
      username: string
      display_name: string
      status_message: string | null
      profile_image_url: string | null
      active: number
    }
  }

export type Db = Kysely<FriendSchema>
export type Trx = Transaction<FriendSchema>
