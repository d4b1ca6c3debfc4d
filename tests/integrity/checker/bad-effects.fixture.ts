import type { Inbox, NoteFact } from '../history/effects.ts'
import type { Round } from '../history/types.ts'
import type { Spoil } from './bad-histories.fixture.ts'
import { AUDITOR } from './world.fixture.ts'

const none = { room: null, message: null, seq: null, read: false, at: 100 }
const about = (seq: number) => ({ ...none, room: 1, message: `msg_1_${seq}`, seq })

/** What the good round tells everybody. @param called the message that calls person 3, who has read it */
export const goodInboxes = (called: number): Inbox[] => [
  {
    user: 1,
    unread: 2,
    notes: [
      { id: 1, kind: 'reaction', actors: [3], actor_count: 1, ...about(2) },
      { id: 2, kind: 'friend_request', actors: [3], actor_count: 1, ...none },
    ],
  },
  { user: 2, unread: 1, notes: [{ id: 3, kind: 'reaction', actors: [3], actor_count: 1, ...about(4) }] },
  {
    user: 3,
    unread: 0,
    notes: [{ id: 4, kind: 'mention', actors: [1], actor_count: 1, ...about(called), read: true }],
  },
  { user: AUDITOR, unread: 0, notes: [] },
]

const inboxOf = ({ calm }: Round, user: number) => calm.inboxes!.find((inbox) => inbox.user === user)!
const noteOf = (round: Round, kind: string, user = 1): NoteFact =>
  inboxOf(round, user).notes.find((note) => note.kind === kind)!

function add(round: Round, user: number, note: NoteFact): void {
  const inbox = inboxOf(round, user)
  inbox.notes.push(note)
  inbox.unread += note.read ? 0 : 1
}

const tell = (round: Round, topic: string, type: string, fields: Record<string, unknown>, offset = 999): void =>
  void round.events.push({ topic, partition: 0, offset, key: '', id: type, type, fields })

/** What services that only listen made of the events. */
export const BAD_EFFECTS: Record<string, readonly [kind: string, spoil: Spoil][]> = {
  'lists of notifications': [
    ['effect-missing', (round) => void Object.assign(inboxOf(round, 1), { notes: [], unread: 0 })],
    ['effect-twice', (round) => add(round, 1, { ...noteOf(round, 'reaction'), id: 9 })],
    ['effect-twice', (round) => (noteOf(round, 'reaction').actor_count = 2)],
    ['effect-missing', (round) => (noteOf(round, 'mention', 3).read = false)],
    ['unread', (round) => inboxOf(round, 1).unread++],
    // Nobody did that.
    ['effect-of-nothing', (round) => add(round, 3, { ...noteOf(round, 'reaction'), id: 9 })],
    ['effect-of-nothing', (round) => (noteOf(round, 'reaction').actors = [2])],
    // It was taken back.
    [
      'effect-of-nothing',
      (round) => {
        const reaction = { room_id: 1, message_id: 'msg_1_2', user_id: 3, seq: 2, emoji: '🎉' }
        tell(round, 'message.events', 'MessageReactionRemoved', reaction)
      },
    ],
    // That was told of a room which they have left since.
    [
      'effect-of-nothing',
      (round) => {
        const joined = { room_id: 2, user_id: 1, member_ids: [3], via: 'added' }
        tell(round, 'chat.events', 'RoomMembersJoined', joined)
        tell(round, 'chat.events', 'RoomMemberLeft', { room_id: 2, user_id: 3 }, 1_000)
        add(round, 3, { id: 9, kind: 'invited', actors: [1], actor_count: 1, ...none, room: 2 })
      },
    ],
    // Of two reactions of the same person one is left.
    [
      'effect-missing',
      (round) => {
        const on = { room_id: 1, message_id: 'msg_1_2', user_id: 3, seq: 2 }
        tell(round, 'message.events', 'MessageReactionAdded', { ...on, emoji: '👍', author_id: 1 })
        tell(round, 'message.events', 'MessageReactionRemoved', { ...on, emoji: '🎉' })
        inboxOf(round, 1).notes.shift()
      },
    ],
    [
      'effect-of-nothing',
      (round) => tell(round, 'friend.events', 'FriendRequestCancelled', { from_user_id: 3, to_user_id: 1 }),
    ],
    // Person 2 has blocked person 1.
    [
      'effect-of-nothing',
      (round) => {
        tell(round, 'friend.events', 'FriendRequestSent', { from_user_id: 1, to_user_id: 2 })
        add(round, 2, { id: 9, kind: 'friend_request', actors: [1], actor_count: 1, ...none })
      },
    ],
  ],
}
