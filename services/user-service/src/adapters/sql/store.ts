import { firstTime, type Outbox } from '@bigtech/messaging'
import { isUniqueViolation, transaction, type StaleReads } from '@bigtech/sql'
import type { Kysely, Transaction } from 'kysely'
import { userErrors } from '../../contract/errors.ts'
import { VersionConflict, type Stores, type UserStore } from '../../ports.ts'
import { createClosureSagas } from './closure-sagas.ts'
import { createCredentials } from './credentials.ts'
import { createLastSeen } from './last-seen.ts'
import { createRelations } from './relations.ts'
import type { Db, UserSchema } from './schema.ts'
import { createSessions } from './sessions.ts'
import { createUserRecords } from './user-records.ts'

export type UserDatabase = Readonly<{
  store: UserStore
  outbox: Outbox
  /** The highest user id that this database has given. */
  lastId: number
  /** No account gets an id up to this one from now on. */
  reserveIds(upTo: number): Promise<void>
  /** Rejects when the database cannot be written. */
  check(): Promise<void>
  close(): Promise<void>
}>

const TRIES = 5
/** Mean pause before the first retry; it doubles. */
const RETRY_MS = 4

/** @param stale for reads that may be behind, outside of transactions */
export function createSqlUserStore(db: Kysely<UserSchema>, stale?: StaleReads<UserSchema>): UserStore {
  return {
    ...storesOn(db, stale),
    async transaction(work) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await transaction(db, (tx) => work(storesOn(tx)))
        } catch (error) {
          if (!isConflict(error)) throw error
          if (attempt === TRIES) throw userErrors.USER_CHANGED({ cause: error })
        }
        const pause = Math.random() * 2 * RETRY_MS * 2 ** (attempt - 1)
        await new Promise((resolve) => setTimeout(resolve, pause))
      }
    },
  }
}

function storesOn(db: Db, stale?: StaleReads<UserSchema>): Stores {
  return {
    users: createUserRecords(db, stale),
    credentials: createCredentials(db),
    sessions: createSessions(db),
    relations: createRelations(db),
    sagas: createClosureSagas(db),
    lastSeen: createLastSeen(db),
    markHandled: (eventId, now) => firstTime(db as Transaction<UserSchema>, { group: 'user-service', eventId, now }),
  }
}

/** The stream moved on, or a row that was looked for in vain was inserted by somebody else meanwhile. */
const isConflict = (error: unknown): boolean => error instanceof VersionConflict || isUniqueViolation(error)
