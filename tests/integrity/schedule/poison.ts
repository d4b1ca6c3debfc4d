/** What nobody could have written: published to the topics as it is. `value`: JSON, or not even that. */
export type Poison = Readonly<{ topic: string; key: string; value: string }>

/** Whose name an event is given under, in the marker that tells it from others: the groups that must give it up. */
const [N, A, C, F, U, I] = [
  'notification-service',
  'analytics-service',
  'chat-service',
  'friend-service',
  'user-service',
  'ai-service',
] as const

type Broken = Readonly<{ topic: string; type: unknown; fields: Record<string, unknown>; groups: readonly string[] }>

/**
 * Events that lack something, have it of another kind or beyond any measure, of people and of a room that there are, so that an effect of theirs would be
 * seen; and what is no event at all. Each says in `poison` which groups must leave it to the dead letters: those that handle its type and need what is wrong.
 */
export function poisonOf(
  serial: string,
  { room, people: [one, other] }: { room: number; people: readonly [number, number] },
): Poison[] {
  const sent = { message_id: 'msg_0_0', room_id: room, user_id: one, content: '독', message_type: 'text', mentions: [] }
  const [messages, friends, users, chats] = ['message.events', 'friend.events', 'user.events', 'chat.events'] as const
  const broken: Broken[] = [
    { topic: messages, type: 'MessageSent', fields: sent, groups: [N, A] },
    { topic: messages, type: 'MessageSent', fields: { ...sent, room_id: `${room}`, seq: 1 }, groups: [N, A] },
    {
      topic: messages,
      type: 'MessageReactionAdded',
      fields: { ...sent, seq: 1e300, emoji: '👍', author_id: other },
      groups: [N, A],
    },
    { topic: messages, type: 'MessagesRead', fields: { room_id: room, user_id: null, read_seq: 1 }, groups: [N, A] },
    { topic: messages, type: 'MessagePinned', fields: { ...sent, seq: 1, timestamp: 'yesterday' }, groups: [A] },
    {
      topic: messages,
      type: 'MessagePinned',
      fields: { ...sent, seq: 1, timestamp: '+275760-09-12T00:00:00.000Z' },
      groups: [A],
    },
    { topic: friends, type: 'FriendRequestSent', fields: { from_user_id: 1.5, to_user_id: other }, groups: [N, A] },
    { topic: friends, type: 'UserBlocked', fields: { blocked_user_id: other }, groups: [N, A, C, U, I] },
    {
      topic: users,
      type: 'UserProfileUpdated',
      fields: { user_id: `${one}`, display_name: '독' },
      groups: [N, A, C, F],
    },
    { topic: users, type: 'UserClosed', fields: {}, groups: [N, A, C, F, I] },
    { topic: chats, type: 'ChatRoomCreated', fields: { room_id: room, room_type: 'group' }, groups: [N, A] },
    {
      topic: chats,
      type: 'RoomMembersJoined',
      fields: { room_id: room, via: 'added', member_ids: [other] },
      groups: [N, A],
    },
    { topic: messages, type: 'NobodyKnowsThis', fields: sent, groups: [] },
    { topic: friends, type: '__proto__', fields: sent, groups: [] },
    { topic: users, type: 7, fields: {}, groups: [] },
  ]
  const timestamp = new Date().toISOString()
  const events = broken.map(({ topic, type, fields, groups }, i): Poison => {
    const value = { event_id: `poison-${serial}.${i}`, event_type: type, timestamp, ...fields, poison: groups.join() }
    return { topic, key: `${room}`, value: JSON.stringify(value) }
  })
  const nothing = ['null', '[]', '"text"', '{}'].map((value): Poison => ({ topic: messages, key: `${room}`, value }))
  return [...events, ...nothing]
}
