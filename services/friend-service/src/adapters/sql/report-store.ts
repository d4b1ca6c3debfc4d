import { transaction } from '@bigtech/sql'
import type { Selectable } from 'kysely'
import type { Report, ReportStore } from '../../ports.ts'
import { lockPerson } from './locks.ts'
import type { Db, FriendSchema } from './schema.ts'

export function createSqlReportStore(db: Db): ReportStore {
  return {
    async add({ message_ids, limit, since, ...report }) {
      return transaction(db, async (trx) => {
        await lockPerson(trx, report.reporter_id)
        const { count } = await trx
          .selectFrom('reports')
          .select((select) => select.fn.countAll<number>().as('count'))
          .where('reporter_id', '=', report.reporter_id)
          .where('created_at', '>', since)
          .executeTakeFirstOrThrow()
        if (count >= limit) return undefined
        const row = { ...report, message_ids: JSON.stringify(message_ids) }
        const { insertId } = await trx.insertInto('reports').values(row).executeTakeFirstOrThrow()
        return Number(insertId)
      })
    },
    async list({ before, limit, status }) {
      let query = db.selectFrom('reports').selectAll().orderBy('id', 'desc').limit(limit)
      if (before !== undefined) query = query.where('id', '<', before)
      if (status !== undefined) query = query.where('handled_at', status === 'open' ? 'is' : 'is not', null)
      return (await query.execute()).map(reportOf)
    },
    async mark({ id, status, by, now }) {
      const handled = status === 'handled'
      const { numUpdatedRows } = await db
        .updateTable('reports')
        .set(handled ? { handled_by: by, handled_at: now } : { handled_by: null, handled_at: null })
        .where('id', '=', id)
        .where('handled_at', handled ? 'is' : 'is not', null)
        .executeTakeFirstOrThrow()
      const row = await db.selectFrom('reports').selectAll().where('id', '=', id).executeTakeFirst()
      return row && { report: reportOf(row), changed: numUpdatedRows > 0n }
    },
  }
}

const reportOf = (row: Selectable<FriendSchema['reports']>): Report => ({
  ...row,
  message_ids: JSON.parse(row.message_ids) as string[],
})
