import type { InboxTables } from '@bigtech/messaging'
import type { LeaseTables } from '@bigtech/service'
import type { Generated, Kysely, Transaction } from 'kysely'
import type { NoteKind } from '../../contract/kinds.ts'
import type { MailKind } from '../../domain/mail.ts'
import type { Language } from '../../domain/text.ts'

export type NotificationSchema = InboxTables &
  LeaseTables & {
    notifications: {
      id: Generated<number>
      user_id: number
      kind: NoteKind
      group_key: string
      /** The group's key while it is unread: then what is like it is told with it. */
      open_key: string | null
      is_read: number
      /** 0: only for the devices, as somebody wants it. */
      is_listed: number
      room_id: number | null
      message_id: string | null
      seq: number | null
      detail: string
      actor_count: number
      /** JSON: the latest three. */
      actor_ids: string
      created_at: number
      updated_at: number
      read_at: number | null
      /** When a device was last shown it. */
      pushed_at: Generated<number | null>
      expires_at: number
    }
    /** `detail`: what they did of it, an emoji say; somebody may have done more than one thing. */
    note_actors: { note_id: number; user_id: number; detail: string; at: number }
    /** JSON: what they have changed. */
    settings: { user_id: number; value: string }
    subscriptions: {
      id: Generated<number>
      user_id: number
      endpoint: string
      /** SHA-256: an endpoint is too long for an index. */
      endpoint_hash: string
      p256dh: string
      auth: string
      language: Language
      device: string
      session_id: string
      created_at: number
      /** Pushes that show nothing, since `closes_from`. */
      closes: Generated<number>
      closes_from: Generated<number>
    }
    rooms_due: {
      room_id: number
      after_seq: number
      last_seq: number
      due_at: number
      claimed_until: number
      trace: string | null
    }
    told: { room_id: number; user_id: number; seq: number; at: number }
    deliveries: {
      id: Generated<number>
      subscription_id: number
      user_id: number
      tag: string
      /** Of its push service. */
      host: string
      note_id: number | null
      payload: string
      attempts: number
      created_at: number
      expires_at: number
      next_at: number
      claimed_until: number
      trace: string | null
    }
    mails: {
      id: Generated<number>
      user_id: number
      kind: MailKind
      event_id: string
      /** Of an account that may be gone when it is sent. */
      address: string | null
      name: string | null
      attempts: number
      at: number
      expires_at: number
      next_at: number
      claimed_until: number
    }
    digests: { user_id: number; next_at: number; unsubscribe_token: string }
    /** Mails too, of the host `mail`. */
    dead_pushes: { id: Generated<number>; user_id: number; host: string; tag: string; reason: string; at: number }
    people: { user_id: number; display_name: string; profile_image_url: string | null; active: number }
    blocks: { user_id: number; blocked_user_id: number }
    vapid_keys: { id: number; public_key: string; private_key: string }
  }

export type Db = Kysely<NotificationSchema>
export type Trx = Transaction<NotificationSchema>

/** Parameters of a statement are bounded: 32,766 on SQLite. */
export function* chunksOf<T>(all: readonly T[], size = 500): Generator<readonly T[]> {
  for (let i = 0; i < all.length; i += size) yield all.slice(i, i + size)
}
