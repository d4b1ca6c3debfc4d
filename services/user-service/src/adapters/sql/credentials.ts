import { locksRows } from '@bigtech/sql'
import type { Credentials } from '../../ports.ts'
import type { Db } from './schema.ts'

export function createCredentials(db: Db): Credentials {
  return {
    async passwordHash(userId) {
      const row = await db
        .selectFrom('credentials')
        .select('password_hash')
        .where('user_id', '=', userId)
        .$if(locksRows(db), (query) => query.forUpdate())
        .executeTakeFirst()
      return row?.password_hash
    },
    async set(userId, password_hash, now) {
      const { numUpdatedRows } = await db
        .updateTable('credentials')
        .set({ password_hash, changed_at: now })
        .where('user_id', '=', userId)
        .executeTakeFirst()
      if (numUpdatedRows === 0n)
        await db.insertInto('credentials').values({ user_id: userId, password_hash, changed_at: now }).execute()
      await db
        .updateTable('password_resets')
        .set({ used_at: now })
        .where('user_id', '=', userId)
        .where('used_at', 'is', null)
        .execute()
    },
    async remove(userId) {
      await db.deleteFrom('credentials').where('user_id', '=', userId).execute()
      for (const table of ['password_resets', 'email_confirmations'] as const)
        await db.deleteFrom(table).where('user_id', '=', userId).execute()
    },
    async addReset({ tokenHash, userId, expiresAt }) {
      await db
        .insertInto('password_resets')
        .values({ token_hash: tokenHash, user_id: userId, expires_at: expiresAt, used_at: null })
        .execute()
    },
    async findReset(tokenHash, now) {
      const row = await db
        .selectFrom('password_resets')
        .select('user_id')
        .where('token_hash', '=', tokenHash)
        .where('used_at', 'is', null)
        .where('expires_at', '>', now)
        .executeTakeFirst()
      return row?.user_id
    },
    async addConfirmation({ tokenHash, userId, expiresAt }) {
      await db
        .insertInto('email_confirmations')
        .values({ token_hash: tokenHash, user_id: userId, expires_at: expiresAt })
        .execute()
    },
    async findConfirmation(tokenHash, now) {
      const row = await db
        .selectFrom('email_confirmations')
        .select('user_id')
        .where('token_hash', '=', tokenHash)
        .where('expires_at', '>', now)
        .executeTakeFirst()
      return row?.user_id
    },
    async useReset(tokenHash, now) {
      const { numUpdatedRows } = await db
        .updateTable('password_resets')
        .set({ used_at: now })
        .where('token_hash', '=', tokenHash)
        .where('used_at', 'is', null)
        .where('expires_at', '>', now)
        .executeTakeFirst()
      return numUpdatedRows === 1n
    },
  }
}
