import { createSqlOutbox, KEEP_EVENTS_MS } from '@bigtech/messaging'
import {
  isUniqueViolation,
  openMysqlDatabases,
  transaction,
  type Kysely,
  type ReplicatedMysqlOptions,
} from '@bigtech/sql'
import { createSqlLeases, type Leases } from '@bigtech/service'
import { sql } from 'kysely'
import { userMysqlMigrations } from '../../migrations/index.ts'
import type { UserSchema } from '../sql/schema.ts'
import { createSqlSigningKeys, type SharedSigningKeys } from '../sql/signing-keys.ts'
import { createSqlUserStore, type UserDatabase } from '../sql/store.ts'

export type MysqlUserDatabase = UserDatabase &
  Readonly<{
    leases: Leases
    /** See createSqlSigningKeys. @throws WrongKeySecret */
    signingKeys(secret: string): Promise<SharedSigningKeys>
  }>

/**
 * Opens and migrates user-service's database on MySQL or MariaDB, which many processes may share.
 * @param idsAbove no account gets an id up to this one
 */
export async function openMysqlUserDatabase(options: ReplicatedMysqlOptions, idsAbove = 0): Promise<MysqlUserDatabase> {
  const { db, stale, close } = await openMysqlDatabases<UserSchema>(options, userMysqlMigrations)
  await reserveIds(db, idsAbove)
  return {
    lastId: await lastId(db),
    reserveIds: (upTo) => reserveIds(db, upTo),
    store: createSqlUserStore(db, stale),
    signingKeys: (secret) => createSqlSigningKeys(db, { secret }),
    outbox: createSqlOutbox(db, { keepMs: KEEP_EVENTS_MS }),
    leases: createSqlLeases(db),
    // Refused by a server that is read only, though there is no such row.
    check: async () => void (await db.updateTable('outbox_lease').set({ owner: '' }).where('id', '=', 0).execute()),
    close,
  }
}

/** The next id is asked of the table itself: information_schema may be a day old (MySQL 8). */
async function lastId(db: Kysely<UserSchema>): Promise<number> {
  const { rows } = await sql<Record<string, string>>`SHOW CREATE TABLE users`.execute(db)
  return Number(/\bAUTO_INCREMENT=(\d+)/.exec(rows[0]?.['Create Table'] ?? '')?.[1] ?? 1) - 1
}

/**
 * A row with the id that is gone before anybody can see it: ids only go up from there, also after a restart. ALTER TABLE … AUTO_INCREMENT
 * would wait for every transaction, and would take back ids of rows that are gone.
 */
async function reserveIds(db: Kysely<UserSchema>, upTo: number): Promise<void> {
  if (upTo <= (await lastId(db))) return
  try {
    await transaction(db, async (trx) => {
      const none = { username: '', display_name: '', display_key: '', status: 'closed', role: 'user' }
      const row = { ...none, id: upTo, version: 0, login_count: 0, created_at: 0, updated_at: 0 }
      await trx.insertInto('users').values(row).execute()
      await trx.deleteFrom('users').where('id', '=', upTo).execute()
    })
  } catch (error) {
    // Somebody has it by now.
    if (!isUniqueViolation(error)) throw error
  }
}
