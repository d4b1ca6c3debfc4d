import { setImmediate } from 'node:timers/promises'
import { toPage } from '@bigtech/kernel'
import type { RoomInPlace, RoomListEntry, RoomListQuery } from '../../ports.ts'
import { viewRoomList, type ListedRoom, type RoomViewPorts } from '../../views/room.ts'
import { createKeptRooms, type KeptRoom } from './kept-rooms.ts'

/** Rooms viewed and written in one turn of the event loop, about a millisecond: messages of others go on between the turns. */
export const ROOMS_A_TURN = 100

/** A page of somebody's rooms, as the bytes of its JSON. */
export type ListRooms = (query: RoomListQuery) => Promise<Buffer>

/**
 * Rooms that are as they were when their member last asked are not read, viewed and written again: a list of a thousand, of which a
 * few have changed, costs about what those few do. The store says which version a room has, the profiles are compared, so that nothing
 * has to be told of a change.
 */
export function createListRooms(ports: RoomViewPorts, maxBytes?: number): ListRooms {
  const kept = createKeptRooms(maxBytes)

  const find = async (query: RoomListQuery): Promise<RoomInPlace<KeptRoom>[]> => {
    const mine = kept.of(query.user_id)
    if (!mine) return (await ports.rooms.list(query)).map(inPlace)
    return ports.rooms.listAround(query, (roomId, version) => {
      const room = mine.get(roomId)
      return room?.version === version && room.people.every((person) => ports.people.isLatest(person))
        ? room
        : undefined
    })
  }

  const write = (userId: number, { room, last, version }: RoomListEntry, { view, people }: ListedRoom): string => {
    const json = Buffer.from(JSON.stringify(view)).toString('latin1')
    // Erasure changes names in texts of the system without a new version; who is not known yet has no profile to compare.
    if (last?.message_type !== 'system' && people.every((person) => person !== undefined))
      kept.keep(userId, room.id, { version, people, json })
    return json
  }

  return async (query) => {
    const found = await find({ ...query, limit: query.limit + 1 })
    const page = toPage(found, query.limit, (place) => [place.last_activity_at, place.room_id])
    const read = page.items.flatMap(({ entry }) => entry ?? [])
    const written = new Map<number, string>()
    for (let from = 0; from < read.length; from += ROOMS_A_TURN) {
      if (from > 0) await setImmediate()
      const entries = read.slice(from, from + ROOMS_A_TURN)
      const views = await viewRoomList(ports, entries)
      for (const [i, entry] of entries.entries()) written.set(entry.room.id, write(query.user_id, entry, views[i]!))
    }
    const items = page.items.map(({ room_id, known }) => known?.json ?? written.get(room_id)!)
    return Buffer.from(`{"items":[${items.join(',')}],"next_cursor":${JSON.stringify(page.next_cursor)}}`, 'latin1')
  }
}

const inPlace = (entry: RoomListEntry): RoomInPlace<KeptRoom> => ({
  room_id: entry.room.id,
  last_activity_at: entry.last_activity_at,
  entry,
})
