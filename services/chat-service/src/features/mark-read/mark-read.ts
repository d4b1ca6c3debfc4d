import type { Clock } from '@bigtech/kernel'
import type { Memberships, RoomCommands, RoomQueries } from '../../ports.ts'
import { chatErrors } from '../../contract/errors.ts'
import { readUpTo, unreadCount } from '../../domain/room.ts'
import { afterChange } from '../../access/after-change.ts'
import { accessRoom } from '../../access/access.ts'

export type MarkReadPorts = {
  rooms: Memberships & Pick<RoomCommands, 'markRead'> & Pick<RoomQueries, 'uncounted'>
  clock: Clock
}

/** Moves one's read position forward, never back, never past the newest message. */
export async function markRead(
  ports: MarkReadPorts,
  command: { user_id: number; room_id: number; seq: number; traceparent: string },
): Promise<{ room_id: number; read_seq: number; unread_count: number }> {
  const { room, me } = await accessRoom(ports.rooms, command.room_id, command.user_id)
  const outcome = await ports.rooms.markRead({ ...command, now: ports.clock.now() })
  if (outcome === 'not_member') throw chatErrors.NOT_A_MEMBER()
  const { read_seq } = outcome
  // Of the moment at which the room was looked at: what came since is told by frames.
  const position = { read_seq, join_seq: me.join_seq }
  const uncounted = await afterChange(() => ports.rooms.uncounted(room.id, readUpTo(position)))
  const known = uncounted.filter((seq) => seq <= room.last_seq)
  return { room_id: room.id, read_seq, unread_count: unreadCount(room.last_seq, position, known) }
}
