import type { Inbox, NoteFact } from '../history/effects.ts'
import type { EventFact } from '../history/types.ts'
import { firstOccurrences, type Facts } from './facts.ts'
import type { Violation } from './violation.ts'

/** What a list must have of one group, such as all reactions to a message. */
type Due = {
  /** What each actor did of it: it is told as long as any of that was not taken back. */
  actors: Map<number, Set<string>>
  seq: number | null
  /**
   * Somebody did something whom the person blocks or has blocked, or in a room that the person has left: whether it is told depends on which
   * event came first.
   */
  isLoose: boolean
  /** Whatever was ever told of it. */
  told: number
}

/** One person's list by group. */
export type Dues = Map<string, Due>

/** What is handled in the order of one topic only: blocks come by another than messages. */
const BY_PAIR = 'friend.events'
/** Who comes and goes is told by another topic than what is said meanwhile. */
const IN_ROOMS = 'message.events'

/** Guarantee 4, the list of notifications: each note follows from the events once, and what was taken back is in none. */
export function checkInboxes(facts: Facts): Violation[] {
  const { inboxes } = facts.round.calm
  if (!inboxes) return []
  const { dues, reads } = foldNotes(facts)
  return inboxes.flatMap((inbox) => compareInbox(inbox, dues.get(inbox.user) ?? new Map(), reads))
}

export function foldNotes(facts: Facts) {
  const { round } = facts
  const dues = new Map<number, Dues>()
  /** `user/room` → up to where it was read. */
  const reads = new Map<string, number>()
  const blocked = new Set<string>()
  const certain = certainPlaces(facts)
  const events = firstOccurrences(round.events)
  const everBlocked = new Set(
    events.flatMap(({ type, fields: { user_id, blocked_user_id } }) =>
      type === 'UserBlocked' || type === 'UserUnblocked' ? [`${String(user_id)}/${String(blocked_user_id)}`] : [],
    ),
  )
  const left = new Set(
    events.flatMap(({ type, fields: { user_id, room_id } }) =>
      type === 'RoomMemberLeft' ? [`${String(user_id)}/${String(room_id)}`] : [],
    ),
  )
  const listed = new Set(round.calm.blocks.map(({ user, other }) => `${user}/${other}`))

  const add = (event: EventFact, to: number, group: string, actor: number | null, what = '') => {
    if (actor === to) return
    const pair = `${to}/${actor}`
    const place = `${String(event.fields['room_id'])}/${String(event.fields['seq'])}`
    const isSure = event.topic === BY_PAIR || certain.has(place)
    const isBlocked = event.topic === BY_PAIR ? blocked.has(pair) : listed.has(pair)
    if (isSure && isBlocked) return
    const own: Dues = dues.get(to) ?? new Map()
    dues.set(to, own)
    const seq = typeof event.fields['seq'] === 'number' ? event.fields['seq'] : null
    const due = own.get(group) ?? { actors: new Map(), seq, isLoose: false, told: 0 }
    own.set(group, due)
    due.told++
    if (!isSure && everBlocked.has(pair)) due.isLoose = true
    if (event.topic === IN_ROOMS && left.has(`${to}/${String(event.fields['room_id'])}`)) due.isLoose = true
    const id = actor ?? due.told
    due.actors.set(id, (due.actors.get(id) ?? new Set()).add(what))
  }
  const takeBack = (to: number, group: string, actor: number, what = '') => {
    const due = dues.get(to)?.get(group)
    due?.actors.get(actor)?.delete(what)
    if (due?.actors.get(actor)?.size === 0) due.actors.delete(actor)
  }

  for (const event of events) {
    const { type, fields } = event
    const number = (field: string) => fields[field] as number
    const [user, from, to] = [number('user_id'), number('from_user_id'), number('to_user_id')]
    const message = String(fields['message_id'])
    const emoji = String(fields['emoji'])
    const read = (seq: number) => {
      const place = `${user}/${number('room_id')}`
      reads.set(place, Math.max(seq, reads.get(place) ?? 0))
    }
    switch (type) {
      case 'UserBlocked':
        blocked.add(`${user}/${number('blocked_user_id')}`)
        break
      case 'UserUnblocked':
        blocked.delete(`${user}/${number('blocked_user_id')}`)
        break
      case 'FriendRequestSent':
        add(event, to, `friend_request ${from}`, from)
        break
      case 'FriendRequestCancelled':
      case 'FriendRequestRejected':
        takeBack(to, `friend_request ${from}`, from)
        break
      case 'FriendRequestAccepted':
        takeBack(to, `friend_request ${from}`, from)
        add(event, from, `friend_accepted ${to}`, to)
        break
      case 'ChatRoomCreated':
        if (fields['room_type'] !== 'group') break
        for (const one of fields['member_ids'] as number[])
          add(event, one, `invited ${number('room_id')}`, number('created_by'))
        break
      case 'RoomMembersJoined':
        if (fields['via'] !== 'added') break
        for (const one of fields['member_ids'] as number[]) add(event, one, `invited ${number('room_id')}`, user)
        break
      case 'RoomMemberLeft':
        dues
          .get(user)
          ?.get(`invited ${number('room_id')}`)
          ?.actors.clear()
        break
      case 'MessageSent': {
        // Sending is reading.
        read(number('seq'))
        const called = new Set(fields['mentions'] as number[])
        for (const one of called) add(event, one, `mention ${message}`, user)
        const author = fields['reply_to_user_id'] as number | null
        if (author !== null && !called.has(author)) add(event, author, `reply ${message}`, user)
        break
      }
      case 'MessagesRead':
        read(number('read_seq'))
        break
      case 'MessageReactionAdded':
        add(event, number('author_id'), `reaction ${message}`, user, emoji)
        break
      case 'MessageReactionRemoved':
        for (const one of dues.keys()) takeBack(one, `reaction ${message}`, user, emoji)
        break
      case 'MessageDeleted':
        for (const own of dues.values())
          for (const kind of ['mention', 'reply', 'reaction']) own.get(`${kind} ${message}`)?.actors.clear()
        break
      case 'UserLoggedIn':
        if (fields['is_new_device'] === true) add(event, user, 'new_device', null)
        break
      default:
    }
  }
  return { dues, reads }
}

/** Messages sent when all blocks were known everywhere: of them it is certain whom they reach. */
export function certainPlaces({ ops }: Facts): Set<string> {
  const probes = ops.filter(({ client, outcome }) => client.startsWith('probe-') && outcome === 'ok')
  return new Set(probes.map(({ room, answer }) => `${room}/${answer.seq}`))
}

export const groupOf = ({ kind, actors, room, message }: NoteFact): string => {
  if (kind === 'new_device') return kind
  if (message !== null) return `${kind} ${message}`
  return `${kind} ${kind === 'invited' ? room : actors[0]}`
}

function compareInbox({ user, unread, notes }: Inbox, dues: Dues, reads: ReadonlyMap<string, number>): Violation[] {
  const violations: Violation[] = []
  const found = (kind: string, what: string, note?: NoteFact) =>
    violations.push({
      kind,
      what: `notifications of user ${user}: ${what}`,
      user,
      room: note?.room ?? undefined,
      seq: note?.seq ?? undefined,
    })
  const listed = Map.groupBy(notes, groupOf)
  const left = notes.filter(({ read }) => !read).length
  if (unread !== left) found('unread', `${unread} are said to be unread, ${left} are`)

  for (const [group, those] of listed) {
    const due = dues.get(group)
    const isOver = !due || due.actors.size === 0
    if (isOver && !due?.isLoose)
      found('effect-of-nothing', `'${group}', which nothing tells or which was taken back`, those[0])
  }
  for (const [group, { actors, seq, isLoose, told }] of dues) {
    const those = listed.get(group) ?? []
    // Each sign-in is a note of its own; of all else what is alike is one.
    const most = group === 'new_device' ? told : 1
    if (those.length > most) found('effect-twice', `'${group}' is there ${those.length} times`, those[0])
    if (isLoose || actors.size === 0) continue
    const least = group === 'new_device' ? told : 1
    if (those.length < least) {
      found('effect-missing', `'${group}' is there ${those.length} times, of ${least}`)
      continue
    }
    if (group === 'new_device') continue
    const note = those[0]!
    const strangers = note.actors.filter((actor) => !actors.has(actor))
    if (strangers.length > 0) found('effect-of-nothing', `'${group}' is told of ${strangers.join()} too`, note)
    else if (note.actor_count !== actors.size)
      found(
        note.actor_count > actors.size ? 'effect-twice' : 'effect-missing',
        `'${group}' counts ${note.actor_count}, it was ${[...actors.keys()].join()}`,
        note,
      )
    // Mentions and replies are read with their room, all else only in the list.
    const isRead = /^(mention|reply) /.test(group) && (reads.get(`${user}/${note.room}`) ?? 0) >= seq!
    if (note.read !== isRead) found('effect-missing', `'${group}' is ${note.read ? '' : 'not '}read`, note)
  }
  return violations
}
