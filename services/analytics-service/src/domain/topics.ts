import { codeOf, KINDS, type Kind } from './facts.ts'

/** Where what is counted is told: all there is. */
export const TOPICS = [
  'user.events',
  'user.online_status',
  'friend.events',
  'message.events',
  'chat.events',
  'care.events',
] as const

const OF_MESSAGES: readonly Kind[] = ['sent', 'edited', 'deleted', 'reacted', 'unreacted', 'pinned', 'unpinned', 'read']
const OF_ROOMS: readonly Kind[] = ['direct_made', 'group_made', 'added_members', 'left_room']
const OF_FRIENDS: readonly Kind[] = ['befriended', 'was_befriended', 'friend_asked', 'blocked']
const OF_PRESENCE: readonly Kind[] = ['came_online']
const OF_CARE: readonly Kind[] = ['care_counted']
const elsewhere = new Set([...OF_MESSAGES, ...OF_ROOMS, ...OF_FRIENDS, ...OF_PRESENCE, ...OF_CARE])

const kinds: Readonly<Record<string, readonly Kind[]>> = {
  'message.events': OF_MESSAGES,
  'chat.events': OF_ROOMS,
  'friend.events': OF_FRIENDS,
  'user.online_status': OF_PRESENCE,
  'care.events': OF_CARE,
  'user.events': KINDS.filter((kind) => !elsewhere.has(kind)),
}

/** The kinds of facts that a topic tells of. */
export const kindsToldIn = (topic: string): number[] => (kinds[topic] ?? []).map(codeOf)
