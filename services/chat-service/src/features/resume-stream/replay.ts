import { roomChannel, type Connection, type Hub } from '@bigtech/realtime'
import type { MessageView } from '../../contract/schemas.ts'
import { unreadMembers } from '../../domain/room.ts'
import { viewMessage } from '../../domain/view.ts'
import type { ChangeFeed, Memberships, MissedRoom } from '../../ports.ts'
import { viewSettings } from '../../views/room.ts'

/** More than this in one room is cheaper to load anew. */
const MAX_ROWS_PER_ROOM = 500
const MAX_ROWS = 5_000

/**
 * Sends what a connection missed since its token, completely, or says `resync_required` for what it cannot. The connection is
 * held by the caller: live frames wait behind the replay.
 * @returns false when nothing could be replayed (unknown token): the client loads everything anew
 */
export async function replay(
  ports: { feed: ChangeFeed; rooms: Memberships; hub: Pick<Hub, 'leave'> },
  connection: Connection,
  token: string,
): Promise<boolean> {
  const { feed, rooms, hub } = ports
  const start = feed.token()
  const floors = new Map(connection.channels)
  const missed = await feed.missed({ user_id: connection.user_id, token, limit: MAX_ROWS_PER_ROOM, total: MAX_ROWS })
  if (!missed) {
    connection.sendAhead(
      frame({ type: 'resync_required', room_id: null, reason: 'unknown_token', token: start }),
      start,
    )
    return false
  }
  for (const roomId of missed.left) {
    // What is live may be behind the store, and still tell of before they left. Who has come back since is subscribed anew, and hears of it next.
    const channel = roomChannel(roomId)
    const floor = connection.channels.get(channel)
    if (floor === undefined || floor === floors.get(channel)) hub.leave(connection, channel)
    connection.sendAhead(frame({ type: 'room_left', room_id: roomId, reason: 'left' }))
  }
  for (const room of missed.rooms)
    for (const json of await roomFrames(room, rooms, connection.portionBytes)) {
      await connection.portionTaken()
      if (connection.closed) return true
      connection.sendAhead(json)
    }
  connection.sendAhead(frame({ type: 'replayed', rooms: missed.rooms.length, token: missed.token }), missed.token)
  return true
}

async function roomFrames(room: MissedRoom, rooms: Memberships, portionBytes: number): Promise<string[]> {
  const { room_id, join_seq, from_rev, to_rev, reads, settings } = room
  const frames: string[] = []
  if (room.joined) frames.push(frame({ type: 'room_joined', room_id, join_seq }))
  if (settings)
    frames.push(frame({ type: 'room_settings', room_id, ...viewSettings(settings), hidden: settings.hidden, join_seq }))
  if (room.rows === null) {
    frames.push(frame({ type: 'resync_required', room_id, reason: 'too_much_missed' }))
    return frames
  }
  if (room.rows.length === 0 && reads.length === 0 && !room.joined) return frames
  const readSeqs = await rooms.readSeqs(room_id)
  const messages = room.rows
    .filter((row) => row.seq > join_seq)
    .toSorted((a, b) => a.seq - b.seq)
    .map((row) => viewMessage(row, unreadMembers(readSeqs, row.seq)))
  // Only with the last portion is the client complete up to the head.
  const portions = portionsOf(messages, portionBytes)
  const last = portions.pop() ?? []
  for (const portion of portions)
    frames.push(frame({ type: 'changes', room_id, from_rev, to_rev: from_rev, messages: portion, reads: [] }))
  frames.push(frame({ type: 'changes', room_id, from_rev, to_rev, messages: last, reads }))
  return frames
}

/** In order, each of about so many bytes as JSON, and of one message at least. */
function portionsOf(messages: readonly MessageView[], bytes: number): MessageView[][] {
  const portions: MessageView[][] = []
  let room = 0
  for (const message of messages) {
    // A character takes at most 3 bytes; the other fields some 500.
    const size = message.content.length * 3 + 500
    if (room < size) {
      portions.push([])
      room = bytes
    }
    portions.at(-1)!.push(message)
    room -= size
  }
  return portions
}

const frame = (value: object): string => JSON.stringify(value)
