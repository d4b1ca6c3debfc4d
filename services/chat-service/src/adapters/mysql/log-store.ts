import type { Entry, LogDocument, LogStore, Shape } from '@bigtech/partition-log'
import { isUniqueViolation } from '@bigtech/sql'
import { exact, type Db } from './schema.ts'

/**
 * The log in a table whose primary key is the place. An append is one statement outside of a transaction: InnoDB answers it once its
 * commit is flushed (`innodb_flush_log_at_trx_commit = 1`). When it rejects it may have been carried out, or may be yet.
 */
export function createMysqlLogStore<T extends Shape>(db: Db): LogStore<T> {
  return {
    async append({ p, n, term, at, by, entries }) {
      exact(p, n, term, at)
      try {
        await db
          .insertInto('log')
          .values({ p, n, term, at, by, entries: JSON.stringify(entries) })
          .execute()
        return 'appended'
      } catch (error) {
        if (isUniqueViolation(error)) return 'exists'
        throw error
      }
    },

    async read(p, from, limit) {
      const rows = await db
        .selectFrom('log')
        .selectAll()
        .where('p', '=', p)
        .where('n', '>=', from)
        .orderBy('n')
        .limit(limit)
        .execute()
      const hole = rows.findIndex(({ n, entries }, i) => n !== from + i || entries.length === 0)
      return (hole < 0 ? rows : rows.slice(0, hole)).map((row): LogDocument<T> => ({
        ...row,
        entries: JSON.parse(row.entries.toString()) as readonly Entry<T>[],
      }))
    },

    async writerOf(p, n) {
      const row = await db.selectFrom('log').select('by').where('p', '=', p).where('n', '=', n).executeTakeFirst()
      return row?.by
    },

    // Entries are JSON, which is never of no length.
    async empty(p, from, upTo) {
      await db
        .updateTable('log')
        .set({ entries: '' })
        .where('p', '=', p)
        .where('n', '>=', from)
        .where('n', '<=', upTo)
        .execute()
    },
  }
}
