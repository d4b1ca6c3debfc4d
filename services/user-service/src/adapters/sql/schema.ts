import type { InboxTables, OutboxTables } from '@bigtech/messaging'
import type { Generated, Kysely, Transaction } from 'kysely'
import type { LeaseTables } from '@bigtech/service'
import type { SigningKeyTables } from './signing-keys.ts'

/** Rows as the database has them; times in ms. */
export type UserTable = {
  id: Generated<number>
  version: number
  email: string | null
  email_confirmed_at: number | null
  username: string
  /** null once the account is closed, so that the name is free again */
  username_key: string | null
  display_name: string
  display_key: string
  status_message: string | null
  image_key: string | null
  age: number | null
  phone: string | null
  status: string
  role: string
  login_count: number
  last_login_at: number | null
  saga_id: string | null
  created_at: number
  updated_at: number
}

export type UserSchema = {
  users: UserTable
  user_events: {
    id: Generated<number>
    user_id: number
    version: number
    event_type: string
    data: string
    event_id: string
    occurred_at: number
    traceparent: string | null
  }
  credentials: { user_id: number; password_hash: string; changed_at: number }
  password_resets: { token_hash: string; user_id: number; expires_at: number; used_at: number | null }
  email_confirmations: { token_hash: string; user_id: number; expires_at: number }
  sessions: {
    id: string
    user_id: number
    device: string | null
    ip: string | null
    created_at: number
    last_used_at: number
    expires_at: number
    revoked_at: number | null
  }
  refresh_tokens: { token_hash: string; session_id: string; used_at: number | null; successor_salt: string | null }
  relations: { user_id: number; other_id: number; kind: 'friend' | 'block' }
  closure_sagas: {
    id: string
    user_id: number
    state: string
    participants: string
    prepared: string
    reason: string | null
    started_at: number
    deadline_at: number
    ended_at: number | null
    orphan: string | null
  }
  last_seen: { user_id: number; seen_at: number }
} & SigningKeyTables &
  LeaseTables &
  OutboxTables &
  InboxTables

export type Db = Kysely<UserSchema> | Transaction<UserSchema>
