import { sql, transaction } from '@bigtech/sql'
import type { FileStore, Usage } from '../../ports.ts'
import { lockPerson } from './locks.ts'
import { toStoredFile } from './rows.ts'
import type { ChatDb, ChatTrx } from './tables.ts'

export function createMysqlFiles(db: ChatDb): FileStore {
  const sums = (on: ChatDb | ChatTrx) =>
    on.selectFrom('files').select([sql<number>`COUNT(*)`.as('files'), sql<number>`COALESCE(SUM(size), 0)`.as('bytes')])
  const usageOf = async (on: ChatDb | ChatTrx, userId: number): Promise<Usage> => {
    const { files, bytes } = await sums(on).where('owner_id', '=', userId).executeTakeFirstOrThrow()
    return { files, bytes }
  }

  return {
    add: (file, limits) =>
      transaction(db, async (trx) => {
        const { has_thumbnail: _, ...row } = file
        if (limits) {
          await lockPerson(trx, file.owner_id)
          const used = await usageOf(trx, file.owner_id)
          if (used.files + 1 > limits.files) return 'too_many_files'
          if (used.bytes + file.size > limits.bytes) return 'storage_full'
        }
        await trx
          .insertInto('files')
          .values({ ...row, attachments: 0 })
          .execute()
        return 'added'
      }),

    usage: (userId) => usageOf(db, userId),

    async largestUsages(limit) {
      const total = await sums(db).executeTakeFirstOrThrow()
      const accounts = await sums(db)
        .select('owner_id')
        .groupBy('owner_id')
        .orderBy('bytes', 'desc')
        .orderBy('owner_id')
        .limit(limit)
        .execute()
      return {
        total: { ...total },
        accounts: accounts.map(({ owner_id, files, bytes }) => ({ user_id: owner_id, files, bytes })),
      }
    },

    async get(id) {
      const row = await db.selectFrom('files').selectAll().where('id', '=', id).executeTakeFirst()
      return row && toStoredFile(row)
    },

    async visibleTo(id, userId) {
      const own = await db
        .selectFrom('files')
        .select('id')
        .where('id', '=', id)
        .where('owner_id', '=', userId)
        .executeTakeFirst()
      if (own) return true
      const attached = await db
        .selectFrom('attachments as a')
        .innerJoin('members as m', 'm.room_id', 'a.room_id')
        .select('a.seq')
        .where('a.file_id', '=', id)
        .where('m.user_id', '=', userId)
        .whereRef('a.seq', '>', 'm.join_seq')
        .limit(1)
        .executeTakeFirst()
      return attached !== undefined
    },

    takeOrphans: (before, limit) =>
      transaction(db, async (trx) => {
        // While tables are made anew they lack attachments, and no making of them begins before this has ended.
        const positions = await trx.selectFrom('partition_positions').selectAll().orderBy('p').forUpdate().execute()
        if (positions.some(({ n, whole_n }) => n < whole_n)) return []
        // Of several that sweep at once each takes what the others do not.
        const rows = await trx
          .selectFrom('files')
          .selectAll()
          .where('attachments', '=', 0)
          .where('created_at', '<', before)
          // One that has been attached since it was counted is none.
          .where(sql<boolean>`NOT EXISTS (SELECT 1 FROM attachments a WHERE a.file_id = files.id)`)
          .orderBy('created_at')
          .limit(limit)
          .forUpdate()
          .skipLocked()
          .execute()
        if (rows.length > 0)
          await trx
            .deleteFrom('files')
            .where(
              'id',
              'in',
              rows.map(({ id }) => id),
            )
            .execute()
        return rows.map(toStoredFile)
      }),
  }
}
