import type { EventFact, Op, Row } from '../history/types.ts'
import { briefText } from '../history/brief.ts'
import { firstOccurrences, type Facts, type RoomLog } from './facts.ts'
import type { Violation } from './violation.ts'

/** Guarantee 4, the topics: each change has one event, in the order of its key, and the events together tell the whole log. */
export function checkEvents(facts: Facts): Violation[] {
  return [...facts.logs.values()].flatMap((log) => [
    ...checkRevisions(log),
    ...checkFold(log),
    ...checkRoomEvents(facts, log),
    ...checkReadEvents(log),
    ...checkSent(facts, log),
    ...checkWhose(log),
    ...checkOps(facts, log),
  ])
}

const contentOf = (fields: EventFact['fields']): string => briefText((fields['content'] as string | undefined) ?? '')

const text = ({ type, partition, offset, fields }: EventFact): string =>
  `${type} (seq ${String(fields['seq'])}, rev ${String(fields['rev'])}) at ${partition}/${offset}`

/** Revisions are those of system messages and of events: each of exactly one, in order. */
function checkRevisions({ setup: { id: room }, rows, rev: head, events }: RoomLog): Violation[] {
  const violations: Violation[] = []
  const found = (kind: string, what: string, rev?: number) => violations.push({ kind, what, room, rev })
  const told = new Map<number, string>()
  for (const { kind, rev, seq } of rows) if (kind === 'system') told.set(rev, `system message ${seq}`)
  let last = 0
  for (const event of events) {
    const rev = event.fields['rev']
    if (typeof rev !== 'number') continue
    if (rev <= last) found('event-order', `${text(event)} comes after the event of rev ${last}`, rev)
    last = Math.max(last, rev)
    if (told.has(rev))
      found('event-twice', `rev ${rev} of room ${room} is told by ${told.get(rev)} and ${text(event)}`, rev)
    told.set(rev, text(event))
  }
  for (let rev = 1; rev <= head; rev++)
    if (!told.has(rev)) found('event-lost', `nothing on the topic tells of rev ${rev} of room ${room}`, rev)
  for (const rev of told.keys())
    if (rev > head) found('event-of-nothing', `${told.get(rev)} tells of rev ${rev}; room ${room} is at ${head}`, rev)
  return violations
}

/** What the events make of each message is the message. */
function checkFold({ setup: { id: room }, rows, events }: RoomLog): Violation[] {
  const told = new Map<number, Pick<Row, 'content' | 'deleted' | 'reactions' | 'user'> & { pinned: boolean }>()
  for (const { type, fields } of events) {
    const seq = fields['seq'] as number
    const user = fields['user_id'] as number
    const content = contentOf(fields)
    const state = told.get(seq) ?? { content, deleted: false, reactions: {}, user, pinned: false }
    if (type === 'MessageSent') told.set(seq, state)
    if (type === 'MessageEdited') state.content = content
    if (type === 'MessageDeleted') Object.assign(state, { content: '', deleted: true, reactions: {}, pinned: false })
    if (type === 'MessagePinned') state.pinned = true
    if (type === 'MessageUnpinned') state.pinned = false
    const emoji = String(fields['emoji'])
    const users = (state.reactions[emoji] ?? []).filter((one) => one !== user)
    if (type === 'MessageReactionAdded') state.reactions[emoji] = [...users, user]
    if (type === 'MessageReactionRemoved') state.reactions[emoji] = users
  }
  const facts = (of: Pick<Row, 'content' | 'deleted' | 'reactions' | 'user'>, pinned: boolean) => {
    const reactions = Object.entries(of.reactions).filter(([, users]) => users.length > 0)
    return JSON.stringify([of.user, of.content, of.deleted, reactions.toSorted(([a], [b]) => (a < b ? -1 : 1)), pinned])
  }
  return rows.flatMap((row): Violation[] => {
    const state = told.get(row.seq)
    if (row.kind === 'system' || !state) return []
    const [event, log] = [facts(state, state.pinned), facts(row, row.pinned_by !== null)]
    if (event === log) return []
    const what = `seq ${row.seq} of room ${room} is ${log}; its events make it ${event}`
    return [{ kind: 'event-content', what, room, seq: row.seq, rev: row.rev }]
  })
}

const OF_SYSTEM: Readonly<Record<string, string>> = {
  room_created: 'ChatRoomCreated',
  member_joined: 'RoomMembersJoined',
  member_left: 'RoomMemberLeft',
  room_renamed: 'ChatRoomRenamed',
  role_changed: 'RoomRoleChanged',
}

/** `chat.events` tells the same as the system messages, in their order; besides, what members want to be told, of which there is no message. */
function checkRoomEvents({ round }: Facts, { setup, rows }: RoomLog): Violation[] {
  const room = setup.id
  const events = firstOccurrences(
    round.events.filter(
      ({ topic, type, fields }) =>
        topic === 'chat.events' && type !== 'RoomSettingsChanged' && fields['room_id'] === room,
    ),
  )
  const opened = setup.type === 'direct' ? ['ChatRoomCreated'] : []
  const expected = [...opened, ...rows.flatMap(({ system }) => (system ? [OF_SYSTEM[system.kind] ?? system.kind] : []))]
  const told = events.map(({ type }) => type)
  const at = expected.findIndex((type, i) => told[i] !== type)
  if (at < 0 && told.length === expected.length) return []
  const place = at < 0 ? expected.length : at
  const what = `event ${place + 1} of room ${room} in chat.events is ${told[place] ?? 'missing'}, the log has ${expected[place] ?? 'nothing'} there`
  return [{ kind: told.length < expected.length ? 'event-lost' : 'event-twice', what, room }]
}

/** Read positions in the events only grow. */
function checkReadEvents({ setup: { id: room }, events }: RoomLog): Violation[] {
  const known = new Map<number, number>()
  return events.flatMap((event): Violation[] => {
    if (event.type !== 'MessagesRead') return []
    const user = event.fields['user_id'] as number
    const [from, to] = [event.fields['old_read_seq'] as number, event.fields['read_seq'] as number]
    const before = known.get(user) ?? 0
    known.set(user, Math.max(before, to))
    if (from >= before && to > from) return []
    const what = `MessagesRead of user ${user} in room ${room} goes from ${from} to ${to}; it was at ${before}`
    return [{ kind: 'event-order', what, room, user }]
  })
}

const OF_OP: Partial<Record<Op['do'], string>> = {
  edit: 'MessageEdited',
  delete: 'MessageDeleted',
  react: 'MessageReactionAdded',
  unreact: 'MessageReactionRemoved',
  pin: 'MessagePinned',
  unpin: 'MessageUnpinned',
}

const TEXTS = new Set(['MessageSent', 'MessageEdited'])

/** Whether a later event of the message brings another text, or none. */
const isTakenBack = ({ events }: RoomLog, event: EventFact): boolean => {
  const { seq, rev } = event.fields as { seq: number; rev: number }
  return events.some(
    ({ type, fields }) =>
      (type === 'MessageEdited' || type === 'MessageDeleted') &&
      fields['seq'] === seq &&
      (fields['rev'] as number) > rev,
  )
}

/** MessageSent says what was sent, until it is edited or deleted; of a text that was taken back the log holds nothing. */
function checkSent({ ops, round }: Facts, log: RoomLog): Violation[] {
  const { setup, events, rows } = log
  const room = setup.id
  const sent = new Map(
    ops.flatMap(({ args, user }) => (args.cmid === undefined ? [] : [[`${user}/${args.cmid}`, args]])),
  )
  return events.flatMap((event): Violation[] => {
    if (!TEXTS.has(event.type)) return []
    const row = rows[(event.fields['seq'] as number) - 1]
    const content = contentOf(event.fields)
    const found = (what: string): Violation[] => [
      { kind: 'event-content', what: `${text(event)} says '${content}', ${what}`, room, seq: row!.seq },
    ]
    if (isTakenBack(log, event))
      return content === '' || round.profile === 'distributed' ? [] : found('which was taken back')
    const args = event.type === 'MessageSent' ? sent.get(`${row?.user}/${row?.cmid}`) : undefined
    return !args || args.content === content ? [] : found(`'${args.content}' was sent`)
  })
}

/** Events tell whose message is answered, or reacted to. */
function checkWhose({ setup: { id: room }, events, rows }: RoomLog): Violation[] {
  return events.flatMap((event): Violation[] => {
    const field = WHOSE[event.type]
    const row = rows[(event.fields['seq'] as number) - 1]
    if (!field || !row) return []
    const answered = rows.find(({ id, kind }) => id === row.reply_to && kind !== 'system')
    const whose = event.type === 'MessageSent' ? (answered?.user ?? null) : row.user
    if (event.fields[field] === whose) return []
    const what = `${text(event)} has ${field} ${String(event.fields[field])}, it is of ${String(whose)}`
    return [{ kind: 'event-content', what, room, seq: row.seq }]
  })
}

const WHOSE: Readonly<Record<string, string>> = {
  MessageSent: 'reply_to_user_id',
  MessageReactionAdded: 'author_id',
}

/** Acknowledged edits have happened, refused ones have not, others at most once. (Their contents are unique.) */
function checkOps({ ops }: Facts, log: RoomLog): Violation[] {
  const { events, rows } = log
  const room = log.setup.id
  return ops.flatMap((op): Violation[] => {
    if (op.room !== room || !OF_OP[op.do]) return []
    const of = events.filter((event) => event.type === OF_OP[op.do] && event.fields['message_id'] === op.args.message)
    const where = { room, user: op.user, client: op.client, seq: rows.find(({ id }) => id === op.args.message)?.seq }
    const found = (kind: string, what: string): Violation[] => {
      return [{ kind, what: `${op.do} of ${op.args.message} by ${op.client} ${what}`, ...where }]
    }
    if (op.do === 'edit') {
      const times = of.filter(({ fields }) => contentOf(fields) === op.args.content).length
      // An edit that was itself taken back is known by its revision alone.
      const silent = of.some((event) => isTakenBack(log, event) && event.fields['rev'] === op.answer.row?.rev)
      if (op.outcome === 'ok' && times === 0 && !silent) return found('lost', 'was acknowledged and has no event')
      if (op.outcome === 'failed' && times > 0)
        return found('refused-but-stored', `was refused (${op.code}) and was done`)
      if (times > 1) return found('doubled', `was done ${times} times`)
    } else if (op.do === 'delete' && op.outcome === 'ok') {
      if (of.length === 0) return found('lost', 'was acknowledged and has no event')
    } else if (op.outcome === 'ok' && op.answer.row && op.answer.row.rev > 0) {
      // An answer that changed nothing names an older revision, which another event told.
      const told = events.some(({ fields }) => fields['rev'] === op.answer.row!.rev)
      if (!told) return found('lost', `was acknowledged as rev ${op.answer.row.rev}, which no event tells`)
    }
    return []
  })
}
