import { unreadMembers, type Member } from '../../domain/room.ts'
import { viewMessage } from '../../domain/view.ts'
import type { MessageView } from '../../contract/schemas.ts'
import type { MessageRow } from '../../domain/message.ts'
import type { Memberships, MessageLog, PeopleReadModel } from '../../ports.ts'
import { accessMessage, readAsMember } from '../../access/access.ts'

export type ReadPorts = { rooms: Memberships; messages: MessageLog; people: PeopleReadModel }

export type HistoryQuery = {
  room_id: number
  user_id: number
  before_seq?: number
  after_seq?: number
  around_seq?: number
  limit: number
}

/** A page of the log, ascending. Without a place: the newest messages. */
export const readHistory = (ports: ReadPorts, query: HistoryQuery) =>
  readAsMember(ports.rooms, query, async ({ room, me }) => {
    const rows = await pageOf(ports.messages, query, me)
    const readSeqs = await ports.rooms.readSeqs(room.id)
    const first = rows[0]?.seq
    const last = rows.at(-1)?.seq
    return {
      items: withUnread(rows, readSeqs),
      has_before: first !== undefined && first > me.join_seq + 1,
      has_after: last !== undefined && last < room.last_seq,
      last_seq: room.last_seq,
      rev: room.rev,
      read_seq: me.read_seq,
      join_seq: me.join_seq,
    }
  })

async function pageOf(messages: MessageLog, query: HistoryQuery, me: Member): Promise<MessageRow[]> {
  const { room_id, limit } = query
  const page = (after: number, before: number, size: number, fromEnd: boolean) =>
    messages.page({ room_id, after: Math.max(after, me.join_seq), before, limit: size, fromEnd })
  const END = Number.MAX_SAFE_INTEGER
  if (query.around_seq !== undefined) {
    const half = Math.ceil(limit / 2)
    const older = await page(0, query.around_seq + 1, half, true)
    const newer = await page(query.around_seq, END, limit - older.length, false)
    return [...older, ...newer]
  }
  if (query.after_seq !== undefined) return page(query.after_seq, query.before_seq ?? END, limit, false)
  return page(0, query.before_seq ?? END, limit, true)
}

/**
 * What changed after `since_rev`, for a client that found a gap. Rows appear once, in their newest state; messages from before
 * the member's time are left out (their revisions are covered by `to_rev`).
 */
export const readChanges = (
  ports: ReadPorts,
  query: { room_id: number; user_id: number; since_rev: number; limit: number },
) =>
  readAsMember(ports.rooms, query, async ({ me }) => {
    const { rows, to_rev, head_rev } = await ports.messages.changes(query)
    const members = await ports.rooms.members(query.room_id)
    const readSeqs = members.map((member) => member.read_seq).sort((a, b) => a - b)
    return {
      room_id: query.room_id,
      from_rev: query.since_rev,
      to_rev: to_rev ?? Math.max(query.since_rev, head_rev),
      has_more: to_rev !== null,
      messages: withUnread(
        rows.filter((row) => row.seq > me.join_seq),
        readSeqs,
      ),
      reads: members.map(({ user_id, read_seq }) => ({ user_id, read_seq })),
    }
  })

/** Who has read a message and who has not, among today's members. */
export const readReaders = (ports: ReadPorts, query: { room_id: number; user_id: number; message_id: string }) =>
  readAsMember(ports.rooms, query, async ({ me }) => {
    const { seq, user_id: author } = await accessMessage(ports.messages, me, query.message_id)
    const members = (await ports.rooms.members(query.room_id)).filter((member) => member.user_id !== author)
    const profiles = await ports.people.profiles(members.map((member) => member.user_id))
    const view = (member: Member) => ({
      user_id: member.user_id,
      display_name: profiles.get(member.user_id)?.display_name ?? '',
    })
    return {
      message_id: query.message_id,
      readers: members.filter((member) => member.read_seq >= seq).map(view),
      unread: members.filter((member) => member.read_seq < seq).map(view),
    }
  })

export const readPins = (ports: ReadPorts, query: { room_id: number; user_id: number }) =>
  readAsMember(ports.rooms, query, async ({ me }) => {
    const rows = await ports.messages.pins(query.room_id, me.join_seq)
    return { items: withUnread(rows, await ports.rooms.readSeqs(query.room_id)), next_cursor: null }
  })

export const withUnread = (rows: readonly MessageRow[], readSeqs: readonly number[]): MessageView[] =>
  rows.map((row) => viewMessage(row, unreadMembers(readSeqs, row.seq)))
