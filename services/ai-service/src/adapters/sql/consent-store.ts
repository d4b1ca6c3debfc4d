import { once } from '@bigtech/messaging'
import { isUniqueViolation, transaction } from '@bigtech/sql'
import type { Consent, ConsentStore } from '../../ports.ts'
import type { Db } from './schema.ts'

const GROUP = 'ai-service'

/** Rows of SQLite have no prototype. */
const plain = (row: Consent): Consent => ({ ...row })

export function createSqlConsentStore(db: Db): ConsentStore {
  const select = (userId: number) =>
    db
      .selectFrom('consents')
      .select(['kind', 'version', 'given_at', 'withdrawn_at'])
      .where('user_id', '=', userId)
      .orderBy('id', 'desc')
  return {
    of: async (userId) => (await select(userId).execute()).map(plain),
    open: async (userId) => (await select(userId).where('open_key', 'is not', null).execute()).map(plain),
    async give({ user_id, kind, version, now }) {
      const giving = transaction(db, async (trx) => {
        await trx
          .updateTable('consents')
          .set({ open_key: null, withdrawn_at: now })
          .where('user_id', '=', user_id)
          .where('open_key', '=', kind)
          .where('version', '<', version)
          .execute()
        const held = await trx
          .selectFrom('consents')
          .select('id')
          .where('user_id', '=', user_id)
          .where('open_key', '=', kind)
          .executeTakeFirst()
        if (held) return
        await trx
          .insertInto('consents')
          .values({ user_id, kind, version, open_key: kind, given_at: now, withdrawn_at: null })
          .execute()
      })
      await giving.catch((error: unknown) => {
        // Another process has just kept it.
        if (!isUniqueViolation(error)) throw error
      })
    },
    async withdraw({ user_id, kind, now }) {
      const { numUpdatedRows } = await db
        .updateTable('consents')
        .set({ open_key: null, withdrawn_at: now })
        .where('user_id', '=', user_id)
        .where('open_key', '=', kind)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },
    erase: async ({ event_id: eventId, now, user_id }) => {
      await once(db, { group: GROUP, eventId, now }, async (trx) => {
        await trx.deleteFrom('consents').where('user_id', '=', user_id).execute()
      })
    },
  }
}
