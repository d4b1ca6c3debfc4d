import type { MessageLog } from '../../ports.ts'
import { MESSAGE, toMessageRow } from './rows.ts'
import { createMysqlSearch } from './search.ts'
import { inSnapshot } from './snapshot.ts'
import type { ChatDb, ChatTrx } from './tables.ts'

export function createMysqlMessageReads(db: ChatDb): Omit<MessageLog, 'append' | 'change'> {
  const inRoom = (on: ChatDb | ChatTrx, roomId: number) =>
    on.selectFrom('messages').select(MESSAGE).where('room_id', '=', roomId)

  /** Both exclusive. */
  const between = (roomId: number, after: number, before: number) =>
    inRoom(db, roomId).where('seq', '>', after).where('seq', '<', before)

  return {
    async get(roomId, seq) {
      const row = await inRoom(db, roomId).where('seq', '=', seq).executeTakeFirst()
      return row && toMessageRow(row)
    },

    async page({ room_id, after, before, limit, fromEnd }) {
      const rows = await between(room_id, after, before)
        .orderBy('seq', fromEnd ? 'desc' : 'asc')
        .limit(limit)
        .execute()
      return (fromEnd ? rows.reverse() : rows).map(toMessageRow)
    },

    async worthTelling({ room_id, after, before, authors, limit }) {
      const rows = await between(room_id, after, before)
        .where((where) =>
          where.or([
            where('mentions', 'is not', null),
            where('reply_to', 'is not', null),
            where('user_id', 'not in', [...authors]),
          ]),
        )
        .where('deleted_at', 'is', null)
        .where('message_type', '<>', 'system')
        .orderBy('seq', 'desc')
        .limit(limit)
        .execute()
      return rows.reverse().map(toMessageRow)
    },

    changes: ({ room_id, since_rev, limit }) =>
      inSnapshot(db, async (trx) => {
        const rows = await inRoom(trx, room_id).where('rev', '>', since_rev).orderBy('rev').limit(limit).execute()
        const room = await trx.selectFrom('rooms').select('rev').where('id', '=', room_id).executeTakeFirst()
        const to_rev = rows.length < limit ? null : rows.at(-1)!.rev
        return { rows: rows.map(toMessageRow), to_rev, head_rev: room?.rev ?? 0 }
      }),

    async pins(roomId, after) {
      const rows = await db
        .selectFrom('pins as p')
        .innerJoin('messages as m', (join) => join.onRef('m.room_id', '=', 'p.room_id').onRef('m.seq', '=', 'p.seq'))
        .select(MESSAGE.map((column) => `m.${column}` as const))
        .where('p.room_id', '=', roomId)
        .where('p.seq', '>', after)
        .orderBy('m.pinned_at', 'desc')
        .orderBy('m.seq', 'desc')
        .execute()
      return rows.map(toMessageRow)
    },

    search: createMysqlSearch(db),
  }
}
