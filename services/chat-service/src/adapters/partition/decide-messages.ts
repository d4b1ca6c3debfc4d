import { decideChangeIn, isSentAgain, type MessageRow } from '../../domain/message.ts'
import { nextReadSeq } from '../../domain/room.ts'
import { textSince } from '../message-events.ts'
import type { Answers, Asks } from './commands.ts'
import { Draft, newMessage, only, type Decision } from './draft.ts'
import type { PartitionState, RoomState } from './state.ts'

export function append(state: PartitionState, key: string, asks: Asks<'append'>): Decision<Answers<'append'>> {
  const { now, traceparent, room_id, only_repeat, reply_to_user_id, mentions = [] } = asks
  const { user_id, message_type, content, reply_to, file, client_message_id } = asks
  const room = state.room(room_id)
  if (!room) return only('not_member')
  // Not what else a newer process may have sent: it would stand in the log.
  const message = { user_id, message_type, content, reply_to, file, client_message_id }
  const earlier = client_message_id === null ? undefined : state.sentRow(room_id, message.user_id, client_message_id)
  // Also of somebody who has left since: it may be a copy of the command that stored it, and "refused" would not be true.
  if (earlier && isSentAgain(earlier, message))
    return only({ row: earlier, unread_count: unreadOf(room, earlier), duplicate: true })
  if (only_repeat || !room.members.has(message.user_id)) return only('not_member')
  if (earlier) return only('conflict')
  const said = {
    ...newMessage(room, { ...message, mentions, system: null }, { now, traceparent }),
    // Of a process that is older than this field there is none.
    ...(typeof reply_to_user_id === 'number' && { reply_to_user_id }),
  }
  const { entries } = new Draft(state, room, key).add(said)
  return { entries, answer: { row: said.row, unread_count: said.unread_count, duplicate: false } }
}

export function change(state: PartitionState, key: string, asks: Asks<'change'>): Decision<Answers<'change'>> {
  const { room_id, seq, change: what, actor, now, traceparent } = asks
  const room = state.room(room_id)
  const before = state.row(room_id, seq)
  const join_seq = room?.members.get(actor.user_id)?.join_seq
  const decision = decideChangeIn({ row: room && before, join_seq, pins: () => room!.pins }, asks)
  if ('refused' in decision) return only(decision)
  const unread_count = unreadOf(room!, before!)
  if (!decision.isChanged) return only({ row: before!, unread_count })
  const row = { ...decision.row, rev: room!.rev + 1 }
  const { entries } = new Draft(state, room!, key).add({
    kind: 'changed',
    row,
    unread_count,
    change: what.kind,
    ...('emoji' in what && { emoji: what.emoji }),
    by: actor.user_id,
    detached: what.kind === 'delete' ? (before!.file?.id ?? null) : null,
    since: textSince(before!),
    on: { now, traceparent },
  })
  return { entries, answer: { row, unread_count } }
}

export function markRead(state: PartitionState, key: string, asks: Asks<'markRead'>): Decision<Answers<'markRead'>> {
  const { room_id, user_id, seq, now, traceparent } = asks
  const room = state.room(room_id)
  const reader = room?.members.get(user_id)
  if (!room || !reader) return only('not_member')
  const old_read_seq = reader.read_seq
  const read_seq = nextReadSeq(old_read_seq, seq, room.last_seq)
  const answer = { old_read_seq, read_seq }
  if (read_seq === old_read_seq) return only(answer)
  const draft = new Draft(state, room, key)
  return draft.add({ kind: 'read', user_id, ...answer, on: { now, traceparent } }).answering(answer)
}

function unreadOf({ members }: RoomState, { seq }: MessageRow): number {
  let unread = 0
  for (const { read_seq } of members.values()) if (read_seq < seq) unread++
  return unread
}
