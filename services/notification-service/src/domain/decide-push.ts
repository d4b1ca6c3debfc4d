import { isQuiet, mayPush, type Settings } from './settings.ts'

export type RoomMessage = Readonly<{
  seq: number
  user_id: number
  message_type: string
  content: string
  mentions: readonly number[]
  mentions_everyone: boolean
  reply_to_user_id: number | null
}>

export type RoomMember = Readonly<{
  user_id: number
  notify: 'all' | 'mentions' | 'none'
  muted_until: number | null
  read_seq: number
  join_seq: number
  /** Whether the room is on a screen of theirs just now. */
  focused: boolean
}>

export type ToldOf = Readonly<{ message: RoomMessage; kind: 'message' | 'mention' | 'reply'; count: number }>

/**
 * What the devices of a member are told of new messages: the latest that they want to hear of, and how many those are.
 * @param messages of the room, oldest first, none deleted
 * @param facts.told up to which they were told before
 * @param facts.blocked whose messages they do not want
 * @returns undefined: nothing
 */
export function decidePush(
  messages: readonly RoomMessage[],
  member: RoomMember,
  facts: { settings: Settings; told: number; blocked: ReadonlySet<number>; now: number },
): ToldOf | undefined {
  const { settings, told, blocked, now } = facts
  const { user_id, notify, muted_until, read_seq, join_seq, focused } = member
  if (focused || notify === 'none' || isQuiet(settings.quiet_hours, now)) return undefined
  const known = Math.max(read_seq, join_seq, told)
  const onlyCalls = notify === 'mentions' || (muted_until !== null && muted_until > now)
  const wanted = messages.flatMap((message) => {
    if (message.seq <= known || message.user_id === user_id || message.message_type === 'system') return []
    if (blocked.has(message.user_id)) return []
    const kind = kindFor(message, user_id)
    const called = kind !== 'message' && mayPush(settings, kind)
    return called || (!onlyCalls && mayPush(settings, 'message')) ? [{ message, kind }] : []
  })
  const last = wanted.at(-1)
  return last && { ...last, count: wanted.length }
}

function kindFor(message: RoomMessage, userId: number): ToldOf['kind'] {
  if (message.mentions_everyone || message.mentions.includes(userId)) return 'mention'
  return message.reply_to_user_id === userId ? 'reply' : 'message'
}
