import { chatErrors } from '../../contract/errors.ts'
import { callsEveryone, callsIn, faultOf, heardOf, MAX_MENTIONS, nameKey, type Mention } from '../../domain/mention.ts'
import type { Memberships } from '../../ports.ts'

/** Of whatever has a text. */
export const mentionErrors = [
  chatErrors.TOO_MANY_MENTIONS,
  chatErrors.MENTION_OUT_OF_TEXT,
  chatErrors.MENTIONS_OVERLAP,
  chatErrors.MENTION_ALL_NOT_ALLOWED,
]

export type Text = Readonly<{
  room_id: number
  /** who wrote it */
  user_id: number
  content: string
  /** ranges that the client gives; undefined: they are found */
  mentions: readonly Mention[] | undefined
}>

/**
 * Whom a text calls. A text without @ whose client gives no ranges costs no question.
 * @throws TOO_MANY_MENTIONS, MENTION_OUT_OF_TEXT, MENTIONS_OVERLAP, MENTION_ALL_NOT_ALLOWED
 */
export async function mentionsOf(rooms: Memberships, text: Text): Promise<readonly Mention[]> {
  return text.mentions ? given(rooms, text, text.mentions) : found(rooms, text)
}

/** Who is no member, or not any more, is not called: the range stays text, so that nothing keeps the message from being sent. */
async function given(rooms: Memberships, text: Text, mentions: readonly Mention[]): Promise<readonly Mention[]> {
  if (mentions.length === 0) return []
  const fault = faultOf(mentions, text.content)
  if (fault) throw chatErrors[fault]({ field: 'mentions', params: { limit: MAX_MENTIONS } })
  if (mentions.some(({ everyone }) => everyone) && !(await mayCallAll(rooms, text)))
    throw chatErrors.MENTION_ALL_NOT_ALLOWED({ field: 'mentions' })
  const user_ids = [...new Set(mentions.flatMap(({ user_id }) => user_id ?? []))]
  const members = user_ids.length === 0 ? [] : await rooms.membersAmong({ room_id: text.room_id, user_ids, names: [] })
  const isMember = new Set(members.map(({ user_id }) => user_id))
  return mentions
    .filter(({ user_id }) => user_id === undefined || isMember.has(user_id))
    .toSorted((a, b) => a.offset - b.offset)
}

async function found(rooms: Memberships, text: Text): Promise<readonly Mention[]> {
  const calls = callsIn(text.content)
  if (calls.length === 0) return []
  const names = [...new Set(calls.flatMap((call) => call.names.map(({ key }) => key)))]
  const members = await rooms.membersAmong({ room_id: text.room_id, user_ids: [], names })
  const people = new Map(members.map(({ user_id, username }) => [nameKey(username), user_id]))
  return heardOf(calls, people, callsEveryone(calls) && (await mayCallAll(rooms, text)))
}

/** In direct rooms nobody has such a role. */
async function mayCallAll(rooms: Memberships, { room_id, user_id }: Text): Promise<boolean> {
  const me = await rooms.member(room_id, user_id)
  return me !== undefined && me.role !== 'member'
}
