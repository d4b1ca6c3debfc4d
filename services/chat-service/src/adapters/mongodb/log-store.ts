import type { Entry, LogDocument, LogStore, Shape } from '@bigtech/partition-log'
import type { Db } from 'mongodb'
import { exact } from '../mysql/schema.ts'
import { reading, writing } from './errors.ts'
import { collection, insertNew, placeOf } from './schema.ts'

/**
 * The log in a collection whose key is the place. An append is one insert, answered when a majority has it in its journal. When it rejects it may
 * have been carried out, or may be yet.
 */
export function createMongodbLogStore<T extends Shape>(db: Db): LogStore<T> {
  const log = collection(db, 'log')
  return {
    async append({ p, n, term, at, by, entries }) {
      exact(p, n, term, at)
      const document = { _id: placeOf(p, n), p, n, term, at, by, entries: JSON.stringify(entries) }
      return (await insertNew(log, document)) ? 'appended' : 'exists'
    },

    async read(p, from, limit) {
      const places = { $gte: placeOf(p, from), $lte: placeOf(p, Number.MAX_SAFE_INTEGER) }
      const rows = await reading(() => log.find({ p, _id: places }).sort({ _id: 1 }).limit(limit).toArray())
      const hole = rows.findIndex(({ n, entries }, i) => n !== from + i || entries === '')
      return (hole < 0 ? rows : rows.slice(0, hole)).map(({ _id, ...row }): LogDocument<T> => ({
        ...row,
        entries: JSON.parse(row.entries) as readonly Entry<T>[],
      }))
    },

    async writerOf(p, n) {
      const row = await reading(() => log.findOne({ _id: placeOf(p, n) }, { projection: { by: 1 } }))
      return row?.by
    },

    // Entries are JSON, which is never of no length.
    async empty(p, from, upTo) {
      const places = { $gte: placeOf(p, from), $lte: placeOf(p, upTo) }
      await writing(() => log.updateMany({ p, _id: places }, { $set: { entries: '' } }))
    },
  }
}
