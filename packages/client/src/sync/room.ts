import type { ChangesFrame, PersonFrame } from '../stream/frames.ts'
import type { Member, Message, MessagePage, Notify, ReadPosition, Room, SystemEvent } from '../types.ts'
import { isCalled } from './selectors.ts'
import type { MemberState, Outgoing, RoomState } from './state.ts'
import { nextSeq, putMessage, trimmed, windowOf } from './window.ts'

/** What happens to one room, as functions from state to state. `me` is the user whose view it is. */

export const memberOf = ({ user_id, role, join_seq, read_seq }: Member): MemberState => ({
  user_id,
  role,
  join_seq,
  read_seq,
})
const byId = (members: readonly Member[]) => new Map(members.map((member) => [member.user_id, memberOf(member)]))

type Told = Readonly<{ muted: boolean; notify?: Notify; muted_until?: string | null }>
const settingsOf = ({ muted, notify = muted ? 'none' : 'all', muted_until = null }: Told) => ({
  muted,
  notify,
  muted_until,
})

/** A room as a list shows it; what is ours alone (unsent messages, who types) is kept from before. */
export function summaryOf(room: Room, before: RoomState | undefined): RoomState {
  const { unread_count: _unread, hidden: _hidden, mention_count: _count, uncounted = [], mentioned = [], ...own } = room
  const both = room.type === 'direct' && room.members.length === room.member_count
  return settleOutgoing({
    ...own,
    ...settingsOf(room),
    uncounted,
    mentioned,
    members: both ? byId(room.members) : null,
    window: null,
    paging: null,
    typing: before?.typing ?? new Map(),
    outgoing: before?.outgoing ?? [],
  })
}

/**
 * A room with all members and a piece of its log. The parts were read one after the other: the revision is the oldest of theirs,
 * and frames after it find some of their work done already, which every step here allows.
 */
export function openedRoom(
  parts: { room: Room; members: readonly Member[]; page: MessagePage },
  before: RoomState | undefined,
): RoomState {
  const { room, members, page } = parts
  const summary = summaryOf(room, before)
  const rev = Math.min(room.rev, page.rev)
  const window = trimmed(windowOf(page), summary.join_seq)
  return settleOutgoing({ ...summary, rev, members: byId(members), member_count: members.length, window })
}

/** A message as it now is: new to us, or changed. */
export function putRow(room: RoomState, message: Message, me: number | null): RoomState {
  const isNew = message.seq > room.last_seq
  let next: RoomState = room
  if (isNew) {
    const typing = new Map(room.typing)
    typing.delete(message.user_id)
    next = {
      ...room,
      typing,
      last_seq: message.seq,
      last_message: message,
      last_activity_at: message.created_at > room.last_activity_at ? message.created_at : room.last_activity_at,
    }
    if (message.system) next = applySystem(next, message.system, message.seq, me)
    next = applyRead(next, message.user_id, message.seq, me)
  } else if (message.seq === room.last_seq && message.rev > (room.last_message?.rev ?? 0)) {
    next = { ...room, last_message: message }
  }
  return settleOutgoing(shown(called(notCounted(next, message), message, me), message), message)
}

/** Whether they may change the name that the server makes of the members' names: it is asked anew then. */
export const changesMadeName = (room: RoomState, messages: readonly Message[]): boolean =>
  messages.some(
    ({ rev, system }) =>
      rev > room.rev &&
      (system?.kind === 'room_renamed'
        ? system.name === ''
        : room.named === false && (system?.kind === 'member_joined' || system?.kind === 'member_left')),
  )

/** Whether the name that the server made of the members' names has one in it that somebody does not have any more. */
export function isNamedBefore(room: RoomState, person: PersonFrame): boolean {
  const { previous_name: before, display_name } = person
  if (typeof before !== 'string' || before === display_name) return false
  if (room.type === 'direct') return room.name === before && room.members?.has(person.user_id) !== false
  return room.named === false && room.name.includes(before)
}

/** What the system tells, and what was deleted before it was read, is not unread. */
function notCounted(room: RoomState, { seq, message_type, is_deleted }: Message): RoomState {
  const after = Math.max(room.read_seq, room.join_seq)
  if ((message_type !== 'system' && !is_deleted) || seq <= after || room.uncounted.includes(seq)) return room
  return { ...room, uncounted: [...room.uncounted.filter((known) => known > after), seq] }
}

/** Whoever has read it was called, and is not any more. */
function called(room: RoomState, message: Message, me: number | null): RoomState {
  const { seq } = message
  const after = Math.max(room.read_seq, room.join_seq)
  const calls = seq > after && isCalled(message, me)
  if (calls === room.mentioned.includes(seq)) return room
  const others = room.mentioned.filter((known) => known > after && known !== seq)
  return { ...room, mentioned: calls ? [...others, seq] : others }
}

function shown(room: RoomState, message: Message): RoomState {
  const { window, paging } = room
  if (!window) return room
  const inside = message.seq >= window.from && message.seq <= nextSeq(window)
  if (inside) return { ...room, window: putMessage(window, message) }
  const known = paging?.strays.get(message.seq)
  if (!paging || (known && known.rev >= message.rev)) return room
  return { ...room, paging: { ...paging, strays: new Map(paging.strays).set(message.seq, message) } }
}

/** Read positions only grow. Somebody who is no member has none. */
export function applyRead(room: RoomState, userId: number, readSeq: number, me: number | null): RoomState {
  let next = room
  if (userId === me && readSeq > room.read_seq) next = { ...next, read_seq: readSeq }
  const member = room.members?.get(userId)
  if (!member || member.read_seq >= readSeq) return next
  return { ...next, members: new Map(room.members).set(userId, { ...member, read_seq: readSeq }) }
}

const applyReads = (room: RoomState, reads: readonly ReadPosition[], me: number | null): RoomState =>
  reads.reduce((next, { user_id, read_seq }) => applyRead(next, user_id, read_seq, me), room)

/** Rows of a gap or a resume, of which those after `room.rev` are news. */
export function applyChanges(
  room: RoomState,
  changes: Pick<ChangesFrame, 'to_rev' | 'messages' | 'reads'>,
  me: number | null,
): RoomState {
  const news = changes.messages.filter((message) => message.rev > room.rev).toSorted((a, b) => a.seq - b.seq)
  const rows = news.reduce((next, message) => putRow(next, message, me), room)
  return applyReads({ ...rows, rev: Math.max(room.rev, changes.to_rev) }, changes.reads, me)
}

/** One's own view of a room. A direct room that was cleared shows only what came after. */
export function applySettings(room: RoomState, frame: Told, joinSeq: number, me: number | null): RoomState {
  const told = settingsOf(frame)
  if (joinSeq <= room.join_seq) return { ...room, ...told }
  const { window, last_message, last_seq } = room
  const own = room.members?.get(me ?? 0)
  return {
    ...room,
    ...told,
    join_seq: joinSeq,
    members: own ? new Map(room.members).set(own.user_id, { ...own, join_seq: joinSeq }) : room.members,
    last_message: last_seq > joinSeq ? last_message : null,
    window: window && trimmed(window, joinSeq),
  }
}

/** Members, roles and names follow from the log (docs/realtime.md, system messages). */
function applySystem(room: RoomState, event: SystemEvent, seq: number, me: number | null): RoomState {
  switch (event.kind) {
    case 'room_renamed':
      return { ...room, name: event.name, named: event.name !== '' }
    case 'room_created':
      return room
    case 'member_joined':
      return withMembers(room, event.user_ids.length, (members) => {
        for (const user_id of event.user_ids) {
          const known = members.get(user_id)
          const join_seq = known?.join_seq ?? seq - 1
          const read_seq = Math.max(known?.read_seq ?? 0, seq - 1)
          members.set(user_id, { user_id, role: known?.role ?? 'member', join_seq, read_seq })
        }
      })
    case 'member_left': {
      const left = withMembers(room, -event.user_ids.length, (members) => {
        for (const user_id of event.user_ids) members.delete(user_id)
        if (event.new_owner !== null) giveRole(members, event.new_owner, 'owner')
      })
      return event.new_owner !== null && event.new_owner === me ? { ...left, role: 'owner' } : left
    }
    case 'role_changed': {
      const { role, user_ids } = event
      const next = withMembers(room, 0, (members) => {
        if (role === 'owner')
          for (const member of members.values()) if (member.role === 'owner') giveRole(members, member.user_id, 'admin')
        for (const user_id of user_ids) giveRole(members, user_id, role)
      })
      if (me !== null && user_ids.includes(me)) return { ...next, role }
      return role === 'owner' && room.role === 'owner' ? { ...next, role: 'admin' } : next
    }
    default:
      return room
  }
}

function withMembers(room: RoomState, change: number, edit: (members: Map<number, MemberState>) => void): RoomState {
  if (!room.members) return { ...room, member_count: room.member_count + change }
  const members = new Map(room.members)
  edit(members)
  return { ...room, members, member_count: members.size }
}

function giveRole(members: Map<number, MemberState>, userId: number, role: MemberState['role']): void {
  const member = members.get(userId)
  if (member) members.set(userId, { ...member, role })
}

/** Takes out what has arrived in the log: the message itself was seen, or the log is known beyond its place. */
export function settleOutgoing(room: RoomState, message?: Message): RoomState {
  if (room.outgoing.length === 0) return room
  const seen = new Set([message?.client_message_id, room.last_message?.client_message_id])
  // Only what is opened can hold more of our own messages than the last one.
  if (!message) for (const one of room.window?.messages ?? []) seen.add(one.client_message_id)
  const left = room.outgoing.filter((one) => !seen.has(one.client_message_id) && !isStored(one, room))
  return left.length === room.outgoing.length ? room : { ...room, outgoing: left }
}

const isStored = (one: Outgoing, room: RoomState): boolean => one.seq !== null && one.seq <= room.last_seq

/** Whose names a room shows: its members, and the authors of what `known` does not hold yet and whom it calls, who may have left long ago. */
export function* namedIn(room: RoomState, known: RoomState | undefined): Iterable<number> {
  yield* room.members?.keys() ?? []
  if (room.last_message) yield* namedBy(room.last_message)
  if (!room.window || room.window === known?.window) return
  const { from, messages } = known?.window ?? { from: 0, messages: [] }
  for (const message of room.window.messages)
    if (message.seq < from || message.seq >= from + messages.length) yield* namedBy(message)
}

function* namedBy({ user_id, mentions = [] }: Message): Iterable<number> {
  yield user_id
  for (const mention of mentions) if ('user_id' in mention) yield mention.user_id
}
