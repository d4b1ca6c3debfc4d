import { createHash } from 'node:crypto'
import { transaction } from '@bigtech/sql'
import type { Selectable } from 'kysely'
import type { Subscription, SubscriptionStore } from '../../ports.ts'
import { chunksOf, type Db, type NotificationSchema, type Trx } from './schema.ts'

const hashOf = (endpoint: string): string => createHash('sha256').update(endpoint).digest('base64url')

/** Without what is kept of it here only. */
export const subscriptionOf = ({
  endpoint_hash: _hash,
  closes: _closes,
  closes_from: _from,
  ...row
}: Selectable<NotificationSchema['subscriptions']>): Subscription => row

export function createSqlSubscriptionStore(db: Db): SubscriptionStore {
  const listOf = async (on: Db | Trx, userId: number): Promise<Subscription[]> => {
    const rows = await on.selectFrom('subscriptions').selectAll().where('user_id', '=', userId).orderBy('id').execute()
    return rows.map(subscriptionOf)
  }
  return {
    put: (subscription, most) =>
      transaction(db, async (trx) => {
        const endpoint_hash = hashOf(subscription.endpoint)
        const before = await trx
          .selectFrom('subscriptions')
          .select('id')
          .where('endpoint_hash', '=', endpoint_hash)
          .executeTakeFirst()
        // What waits for it was for whoever had it.
        if (before) await removeAll(trx, [before.id])
        const { insertId } = await trx
          .insertInto('subscriptions')
          .values({ ...subscription, endpoint_hash })
          .executeTakeFirstOrThrow()
        const all = await listOf(trx, subscription.user_id)
        await removeAll(
          trx,
          all.slice(0, Math.max(0, all.length - most)).map(({ id }) => id),
        )
        return { ...subscription, id: Number(insertId) }
      }),
    list: (userId) => listOf(db, userId),
    remove: (which) =>
      transaction(db, async (trx) => {
        const rows = await trx
          .selectFrom('subscriptions')
          .select('id')
          .$if('id' in which, (query) => query.where('id', '=', (which as { id: number }).id))
          .$if('session_id' in which, (query) =>
            query.where('session_id', '=', (which as { session_id: string }).session_id),
          )
          .$if('endpoint' in which, (query) => {
            const { user_id, endpoint } = which as { user_id: number; endpoint: string }
            return query.where('user_id', '=', user_id).where('endpoint_hash', '=', hashOf(endpoint))
          })
          .execute()
        await removeAll(
          trx,
          rows.map(({ id }) => id),
        )
      }),
    async subscribers(userIds) {
      const found = new Set<number>()
      for (const part of chunksOf(userIds)) {
        const rows = await db.selectFrom('subscriptions').select('user_id').where('user_id', 'in', part).execute()
        for (const { user_id } of rows) found.add(user_id)
      }
      return found
    },
    async isAny() {
      return (await db.selectFrom('subscriptions').select('id').limit(1).executeTakeFirst()) !== undefined
    },
  }
}

async function removeAll(trx: Trx, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return
  await trx.deleteFrom('deliveries').where('subscription_id', 'in', ids).execute()
  await trx.deleteFrom('subscriptions').where('id', 'in', ids).execute()
}
