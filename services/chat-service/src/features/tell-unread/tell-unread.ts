import { type Clock } from '@bigtech/kernel'
import type { RoomListEntry } from '../../ports.ts'
import type { UnreadRooms } from '../../contract/unread.ts'
import { viewRoomList, type RoomViewPorts } from '../../views/room.ts'

/** Rooms that are looked at: what is unread further down was so for long. */
const LATEST_ROOMS = 100

/** Where something came since then that somebody has not read, the latest first; none that they do not want to be told of, by what they set for it. */
export async function tellUnread(
  ports: RoomViewPorts & { clock: Clock },
  userId: number,
  since: number,
): Promise<UnreadRooms> {
  const entries = await ports.rooms.list({ user_id: userId, before: undefined, limit: LATEST_ROOMS })
  const listed = await viewRoomList(ports, entries)
  const now = ports.clock.now()
  const isWanted = ({ me, hidden, mentioned, last_activity_at }: RoomListEntry) =>
    last_activity_at > since &&
    !hidden &&
    me.notify !== 'none' &&
    ((me.notify === 'all' && (me.muted_until ?? 0) <= now) || mentioned.length > 0)
  return {
    rooms: listed.flatMap(({ view: { id, name, unread_count } }, i) =>
      unread_count > 0 && isWanted(entries[i]!) ? [{ id, name, unread_count }] : [],
    ),
  }
}
