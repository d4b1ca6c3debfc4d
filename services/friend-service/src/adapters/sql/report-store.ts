import { transaction } from '@bigtech/sql'
import type { ReportStore } from '../../ports.ts'
import { lockPerson } from './locks.ts'
import type { Db } from './schema.ts'

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
    async list({ before, limit }) {
      let query = db.selectFrom('reports').selectAll().orderBy('id', 'desc').limit(limit)
      if (before !== undefined) query = query.where('id', '<', before)
      return (await query.execute()).map((row) => ({ ...row, message_ids: JSON.parse(row.message_ids) as string[] }))
    },
  }
}
