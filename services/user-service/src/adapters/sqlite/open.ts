import { createSqlOutbox, type Outbox } from '@bigtech/messaging'
import { openThreadedDatabase, probeStatement } from '@bigtech/sql'
import { sql } from 'kysely'
import { userMigrations } from '../../migrations/index.ts'
import type { UserStore } from '../../ports.ts'
import type { UserSchema } from './schema.ts'
import { createSqlUserStore } from './store.ts'

export type UserDatabase = Readonly<{
  store: UserStore
  outbox: Outbox
  /** Rejects when the database cannot be written. */
  check(): Promise<void>
  close(): Promise<void>
}>

/** Opens and migrates the SQLite file of user-service. */
export async function openUserDatabase(file: string): Promise<UserDatabase> {
  const db = await openThreadedDatabase<UserSchema>(file, 'user-service', userMigrations)
  return {
    store: createSqlUserStore(db),
    outbox: createSqlOutbox(db),
    async check() {
      await sql.raw(probeStatement()).execute(db)
    },
    close: () => db.destroy(),
  }
}
