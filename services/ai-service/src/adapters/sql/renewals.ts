import { transaction } from '@bigtech/sql'
import { CareConsentsOutdated } from '../../contract/link-events.ts'
import { CONSENT_KINDS, CONSENTS } from '../../domain/consents.ts'
import { lockPeople } from './people-lock.ts'
import type { Db, Trx } from './schema.ts'
import { tell } from './tell.ts'

/** Those that hold, and are to older words; of clouds those that can still be agreed to. */
const outdated = (db: Db | Trx, hosts: readonly string[]) =>
  db
    .selectFrom('consents')
    .where('open_key', 'is not', null)
    .where((where) =>
      where.or(
        CONSENT_KINDS.map((kind) =>
          where.and([
            where('kind', '=', kind),
            where('version', '<', CONSENTS[kind].version),
            ...(kind === 'cloud' ? [where('subject', 'in', hosts.length > 0 ? [...hosts] : [''])] : []),
          ]),
        ),
      ),
    )

export async function tellOfOutdated(
  db: Db,
  { now, hosts, limit }: Readonly<{ now: number; hosts: readonly string[]; limit: number }>,
): Promise<number> {
  const untold = await outdated(db, hosts)
    .select('user_id')
    .where((where) =>
      where.or([
        where('renewal_told', 'is', null),
        ...CONSENT_KINDS.map((kind) =>
          where.and([where('kind', '=', kind), where('renewal_told', '<', CONSENTS[kind].version)]),
        ),
      ]),
    )
    .distinct()
    .orderBy('user_id')
    .limit(limit)
    .execute()
  for (const { user_id } of untold) await transaction(db, (trx) => tellOne(trx, user_id, { now, hosts }))
  return untold.length
}

async function tellOne(
  trx: Trx,
  userId: number,
  { now, hosts }: Readonly<{ now: number; hosts: readonly string[] }>,
): Promise<void> {
  const rows = await outdated(trx, hosts).select(['id', 'kind', 'renewal_told']).where('user_id', '=', userId).execute()
  let isNew = false
  for (const { id, kind } of rows) {
    const { version } = CONSENTS[kind]
    const { numUpdatedRows } = await trx
      .updateTable('consents')
      .set({ renewal_told: version })
      .where('id', '=', id)
      .where('open_key', 'is not', null)
      // Another process may have told of it just now.
      .where((where) => where.or([where('renewal_told', 'is', null), where('renewal_told', '<', version)]))
      .executeTakeFirst()
    isNew ||= numUpdatedRows > 0n
  }
  if (isNew) await tell(trx, now, CareConsentsOutdated, { user_id: userId, count: rows.length })
}

/** After one ended of which its person was told: when it was the last, there is nothing to be read again. */
export async function tellIfNoneIsLeft(trx: Trx, userId: number, now: number): Promise<void> {
  // Of two that end at the same time the later one sees that the other has.
  await lockPeople(trx, [userId])
  const left = await trx
    .selectFrom('consents')
    .select('id')
    .where('user_id', '=', userId)
    .where('open_key', 'is not', null)
    .where('renewal_told', 'is not', null)
    .executeTakeFirst()
  if (!left) await tell(trx, now, CareConsentsOutdated, { user_id: userId, count: 0 })
}
