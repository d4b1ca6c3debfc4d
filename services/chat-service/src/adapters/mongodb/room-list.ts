import type { Db } from 'mongodb'
import { createMysqlRoomList } from '../mysql/room-list.ts'
import type { ChatDb } from '../mysql/tables.ts'
import type { RoomListEntry, RoomQueries } from '../../ports.ts'
import { aheadOf, notThere, stillIn, untilCaughtUp } from './caught-up.ts'
import { messagesAt } from './room-messages.ts'
import { toRow } from './rows.ts'
import { collection } from './schema.ts'

/** The rooms as MySQL lists them, of one moment, where no messages are: the last ones are added, as they stand. */
export function createMongodbRoomList(db: Db, rooms: ChatDb): Pick<RoomQueries, 'list' | 'listAround' | 'listed'> {
  const inMysql = createMysqlRoomList(rooms)

  /** Rooms that the person went out of while their last message was waited for are left out. */
  async function withLast(userId: number, entries: readonly RoomListEntry[]): Promise<RoomListEntry[]> {
    const seen = entries.filter(({ room, me }) => room.last_seq > me.join_seq)
    const places = seen.map(({ room }) => ({ room_id: room.id, seq: room.last_seq }))
    const stored = await messagesAt(collection(db, 'messages'), places)
    const last = new Map(stored.map((row) => [row.room_id, toRow(row)]))
    const missing = seen.find(({ room }) => !last.has(room.id))
    if (missing) throw notThere(`message ${missing.room.last_seq} of room ${missing.room.id} is not there`)
    const byId = new Map(entries.map((entry) => [entry.room.id, entry]))
    const ahead = aheadOf(stored, (id) => byId.get(id)?.room)
    await untilCaughtUp(rooms, ahead)
    const still = await stillIn(rooms, userId, new Map([...ahead.keys()].map((id) => [id, byId.get(id)!.version])))
    return entries
      .filter(({ room }) => !ahead.has(room.id) || still.has(room.id))
      .map((entry) => ({ ...entry, last: last.get(entry.room.id) ?? null }))
  }

  return {
    list: async (query) => withLast(query.user_id, await inMysql.list(query)),
    async listed(roomId, userId) {
      const entry = await inMysql.listed(roomId, userId)
      return entry && (await withLast(userId, [entry]))[0]
    },
    async listAround(query, known) {
      const places = await inMysql.listAround(query, known)
      const entries = await withLast(
        query.user_id,
        places.flatMap(({ entry }) => entry ?? []),
      )
      const byRoom = new Map(entries.map((entry) => [entry.room.id, entry]))
      return places.flatMap((place) => {
        if (!place.entry) return [place]
        const entry = byRoom.get(place.room_id)
        return entry ? [{ ...place, entry }] : []
      })
    },
  }
}
