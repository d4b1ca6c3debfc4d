import { firstTime } from '@bigtech/messaging'
import { isUniqueViolation } from '@bigtech/sql'
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

const TRIES = 5
/** Mean pause before the first retry; it doubles. */
const RETRY_MS = 4

export function createSqlUserStore(db: Kysely<UserSchema>): UserStore {
  return {
    ...storesOn(db),
    async transaction(work) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await db.transaction().execute((tx) => work(storesOn(tx)))
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

function storesOn(db: Db): Stores {
  return {
    users: createUserRecords(db),
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
