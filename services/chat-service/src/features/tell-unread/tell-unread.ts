import type { UnreadRooms } from '../../contract/unread.ts'
import { viewRoomList, type RoomViewPorts } from '../../views/room.ts'

/** Rooms that are looked at: what is unread further down was so for long. */
const LATEST_ROOMS = 100

/** Where somebody has not read everything, the latest first. Rooms that they do not want to be told of are left out. */
export async function tellUnread(ports: RoomViewPorts, userId: number): Promise<UnreadRooms> {
  const entries = await ports.rooms.list({ user_id: userId, before: undefined, limit: LATEST_ROOMS })
  const listed = await viewRoomList(ports, entries)
  return {
    rooms: listed.flatMap(({ view: { id, name, unread_count, muted, hidden } }) =>
      unread_count > 0 && !muted && !hidden ? [{ id, name, unread_count }] : [],
    ),
  }
}
