import { transaction } from '@bigtech/sql'
import type { Selectable } from 'kysely'
import type { Owned, RecordingJob, RecordingStore } from '../../ports.ts'
import { addEntry } from './entry-rows.ts'
import type { AiSchema, Db, Trx } from './schema.ts'

type Row = Selectable<AiSchema['recordings']>

export function createSqlRecordingStore(db: Db): RecordingStore {
  /** What has not ended, and is its owner's. */
  const open = (on: Db | Trx, { id, owner }: Pick<Owned, 'id' | 'owner'>) =>
    on.updateTable('recordings').where('id', '=', id).where('owner', '=', owner).where('ended_at', 'is', null)

  const ahead = async ({ state, owner, id }: Row): Promise<number> => {
    if (state !== 'queued') return 0
    const { n } = await db
      .selectFrom('recordings')
      .select(({ fn }) => fn.countAll<number>().as('n'))
      .where('owner', '=', owner)
      .where('ended_at', 'is', null)
      .where('id', '<', id)
      .executeTakeFirstOrThrow()
    return n
  }
  const toJob = async (row: Row, now: number): Promise<RecordingJob> => ({
    id: row.id,
    user_id: row.user_id,
    state: row.state,
    progress: row.progress,
    ahead: await ahead(row),
    seconds: row.seconds,
    created_at: row.created_at,
    updated_at: row.updated_at,
    error_code: row.error_code,
    entry_id: row.entry_id,
    result: row.result_until !== null && row.result_until > now ? row.result : null,
  })

  return {
    async add({ user_id, owner, seconds, keep_text, now, lease_until }) {
      const row = {
        user_id,
        owner,
        seconds,
        lease_until,
        state: 'queued',
        progress: 0,
        keep_text: keep_text ? 1 : 0,
        created_at: now,
        updated_at: now,
        ended_at: null,
        error_code: null,
        entry_id: null,
        result: null,
        result_until: null,
      } as const
      return Number((await db.insertInto('recordings').values(row).executeTakeFirstOrThrow()).insertId)
    },

    async begin(owned) {
      const own = await db
        .selectFrom('recordings')
        .select('user_id')
        .where('id', '=', owned.id)
        .where('ended_at', 'is', null)
        .executeTakeFirst()
      if (!own) return 'over'
      const earlier = await db
        .selectFrom('recordings')
        .select('id')
        .where('user_id', '=', own.user_id)
        .where('ended_at', 'is', null)
        .where('id', '<', owned.id)
        .limit(1)
        .executeTakeFirst()
      if (earlier) return 'blocked'
      const { numUpdatedRows } = await open(db, owned)
        .set({ state: 'listening', updated_at: owned.now })
        .executeTakeFirst()
      return numUpdatedRows > 0n ? 'begun' : 'over'
    },

    async progress({ state, progress, ...owned }) {
      const { numUpdatedRows } = await open(db, owned)
        .set({ state, progress, updated_at: owned.now })
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },

    finish: ({ entry, keeping, result, result_until, ...owned }) =>
      transaction(db, async (trx) => {
        const done = { state: 'done', progress: 1, ended_at: owned.now, updated_at: owned.now } as const
        const { numUpdatedRows } = await open(trx, owned)
          .set({ ...done, result, result_until })
          .executeTakeFirst()
        if (numUpdatedRows === 0n) return 'over'
        const kept = await addEntry(trx, entry, keeping)
        const became =
          'id' in kept
            ? { entry_id: kept.id }
            : ({ state: 'failed', result: null, result_until: null, error_code: REFUSED[kept.refused] } as const)
        await trx.updateTable('recordings').set(became).where('id', '=', owned.id).execute()
        return kept
      }),

    async fail({ code, ...owned }) {
      await open(db, owned)
        .set({ state: 'failed', error_code: code, ended_at: owned.now, updated_at: owned.now })
        .execute()
    },

    async cancel({ user_id, id, now }) {
      const { numUpdatedRows } = await db
        .updateTable('recordings')
        .set({ state: 'cancelled', ended_at: now, updated_at: now })
        .where('id', '=', id)
        .where('user_id', '=', user_id)
        .where('ended_at', 'is', null)
        .executeTakeFirst()
      if (numUpdatedRows > 0n) return true
      const { numDeletedRows } = await db
        .deleteFrom('recordings')
        .where('id', '=', id)
        .where('user_id', '=', user_id)
        .where('ended_at', 'is not', null)
        .executeTakeFirst()
      return numDeletedRows > 0n
    },

    async renew({ owner, ids, lease_until }) {
      if (ids.length === 0) return []
      await db
        .updateTable('recordings')
        .set({ lease_until })
        .where('owner', '=', owner)
        .where('ended_at', 'is', null)
        .where('id', 'in', [...ids])
        .execute()
      const rows = await db
        .selectFrom('recordings')
        .select('id')
        .where('owner', '=', owner)
        .where('ended_at', 'is', null)
        .where('id', 'in', [...ids])
        .execute()
      return rows.map(({ id }) => id)
    },

    async endLost({ now, code, owner }) {
      const { numUpdatedRows } = await db
        .updateTable('recordings')
        .set({ state: 'failed', error_code: code, ended_at: now, updated_at: now })
        .where('ended_at', 'is', null)
        .$if(owner === undefined, (query) => query.where('lease_until', '<=', now))
        .$if(owner !== undefined, (query) => query.where('owner', '=', owner!))
        .executeTakeFirst()
      return Number(numUpdatedRows)
    },

    async one({ user_id, id, now, fetched_until }) {
      const row = await db
        .selectFrom('recordings')
        .selectAll()
        .where('id', '=', id)
        .where('user_id', '=', user_id)
        .executeTakeFirst()
      if (!row) return undefined
      if (row.result !== null)
        await db
          .updateTable('recordings')
          .set({ result_until: fetched_until })
          .where('id', '=', id)
          .where('result_until', '>', fetched_until)
          .execute()
      return toJob(row, now)
    },

    async list({ user_id, before, limit, now, results }) {
      const rows = await db
        .selectFrom('recordings')
        .selectAll()
        .where('user_id', '=', user_id)
        .$if(before !== undefined, (query) => query.where('id', '<', before!))
        .orderBy('id', 'desc')
        .limit(limit)
        .execute()
      return Promise.all(rows.map((row) => toJob(results ? row : { ...row, result: null }, now)))
    },

    async expire({ now, ended_before }) {
      await db
        .updateTable('recordings')
        .set({ result: null, result_until: null })
        .where('result_until', '<=', now)
        .execute()
      await db.deleteFrom('recordings').where('ended_at', '<', ended_before).execute()
    },
  }
}

const REFUSED = { no_consent: 'CONSENT_REQUIRED', too_many: 'ENTRIES_OF_TODAY' } as const
