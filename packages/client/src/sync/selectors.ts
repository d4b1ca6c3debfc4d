import type { Message } from '../types.ts'
import type { MemberState, Outgoing, PersonState, RoomState, SyncState } from './state.ts'

/** What screens show, computed from state: numbers are derived, never counted up. */

/** Newest activity first, as the server lists them. */
export const roomList = (state: SyncState): RoomState[] =>
  [...state.rooms.values()].sort((a, b) =>
    a.last_activity_at < b.last_activity_at ? 1 : a.last_activity_at > b.last_activity_at ? -1 : b.id - a.id,
  )

/** Messages of a room one has not read; those of the system and deleted ones do not count. */
export function roomUnread(room: Pick<RoomState, 'last_seq' | 'read_seq' | 'join_seq' | 'uncounted'>): number {
  const after = Math.max(room.read_seq, room.join_seq)
  return Math.max(0, room.last_seq - after - room.uncounted.filter((seq) => seq > after).length)
}

/** Messages one has not read that mention oneself or everyone, by ascending `seq`. */
export const unreadMentions = ({
  mentioned,
  read_seq,
  join_seq,
}: Pick<RoomState, 'mentioned' | 'read_seq' | 'join_seq'>) =>
  mentioned.filter((seq) => seq > Math.max(read_seq, join_seq)).toSorted((a, b) => a - b)

/** Whether a message calls this user, by name or with everyone. */
export const isCalled = ({ mentions = [] }: Pick<Message, 'mentions'>, userId: number | null): boolean =>
  mentions.some((mention) => 'everyone' in mention || mention.user_id === userId)

/** Whether a room tells nothing at a moment, epoch ms. */
export const isMuted = (room: Pick<RoomState, 'notify' | 'muted_until'>, now: number): boolean =>
  room.notify === 'none' || (room.muted_until !== null && Date.parse(room.muted_until) > now)

export const totalUnread = (state: SyncState): number =>
  [...state.rooms.values()].reduce((sum, room) => sum + roomUnread(room), 0)

const sorted = new WeakMap<ReadonlyMap<number, MemberState>, readonly number[]>()

/** The number beside a message: members who have not read up to it. Of a room that is not opened: as the server last said. */
export function unreadOf(room: RoomState, message: Pick<Message, 'seq' | 'unread_count'>): number {
  if (!room.members) return message.unread_count
  let readSeqs = sorted.get(room.members)
  if (!readSeqs) {
    readSeqs = Array.from(room.members.values(), (member) => member.read_seq).sort((a, b) => a - b)
    sorted.set(room.members, readSeqs)
  }
  let low = 0
  let high = readSeqs.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (readSeqs[middle]! < message.seq) low = middle + 1
    else high = middle
  }
  return low
}

export type TimelineEntry =
  | Readonly<{ kind: 'message'; key: string; message: Message; unread: number }>
  | Readonly<{ kind: 'outgoing'; key: string; outgoing: Outgoing }>

/** What an opened room shows: the log, then what is on its way. The key of one's own message stays when it arrives in the log. */
export function timeline(state: SyncState, room: RoomState): TimelineEntry[] {
  const messages = (room.window?.messages ?? []).map((message): TimelineEntry => {
    const key = (message.user_id === state.me && message.client_message_id) || message.id
    return { kind: 'message', key, message, unread: unreadOf(room, message) }
  })
  const onTheirWay = room.outgoing.map((outgoing): TimelineEntry => {
    return { kind: 'outgoing', key: outgoing.client_message_id, outgoing }
  })
  return [...messages, ...onTheirWay]
}

/** Display names of who types now. */
export const typingIn = (state: SyncState, room: RoomState): (PersonState | undefined)[] =>
  Array.from(room.typing.keys(), (userId) => state.people.get(userId))
