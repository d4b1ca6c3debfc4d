import type { Entry, LogDocument, LogStore, Shape } from '@bigtech/partition-log'
import { CompiledQuery, isUniqueViolation, together } from '@bigtech/sql'
import { exact, type Db } from './schema.ts'

/** Characters of documents that are appended by one statement, about: it must fit into a packet of the server, escaped. */
const CHARACTERS_TOGETHER = 1_000_000

type Row = Readonly<{ p: number; n: number; term: number; at: number; by: string; entries: string }>

/**
 * The log in a table whose primary key is the place. An append is one statement outside of a transaction: InnoDB answers it once its
 * commit is flushed (`innodb_flush_log_at_trx_commit = 1`). When it rejects it may have been carried out, or may be yet. Documents of several
 * partitions that are appended at the same time go with one statement, all of them or none; if one's place is taken, each by itself.
 */
export function createMysqlLogStore<T extends Shape>(db: Db): LogStore<T> {
  const append = together<Row, void>(
    async (rows) => {
      const places = rows.map(() => '(?, ?, ?, ?, ?, ?)').join(', ')
      // In the same order for all, lest two wait for each other.
      const values = rows
        .toSorted((a, b) => a.p - b.p || a.n - b.n)
        .flatMap(({ p, n, term, at, by, entries }) => [p, n, term, at, by, entries])
      const text = `INSERT INTO \`log\` (p, n, term, at, \`by\`, entries) VALUES ${places}`
      await db.executeQuery(CompiledQuery.raw(text, values))
      return rows.map(() => undefined)
    },
    { sizeOf: ({ entries }) => entries.length, most: CHARACTERS_TOGETHER },
  )
  return {
    async append({ p, n, term, at, by, entries }) {
      exact(p, n, term, at)
      try {
        await append({ p, n, term, at, by, entries: JSON.stringify(entries) })
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
