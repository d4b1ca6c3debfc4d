import type { InboxTables } from '@bigtech/messaging'
import type { Generated, Kysely, Transaction } from 'kysely'
import type { ConsentKind } from '../../domain/consents.ts'

export type AiSchema = InboxTables & {
  consents: {
    id: Generated<number>
    user_id: number
    kind: ConsentKind
    version: number
    /** The kind while it holds; NULL afterwards. */
    open_key: string | null
    given_at: number
    withdrawn_at: number | null
  }
}
export type Db = Kysely<AiSchema>
export type Trx = Transaction<AiSchema>
