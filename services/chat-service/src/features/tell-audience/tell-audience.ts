import { isoTime } from '@bigtech/kernel'
import type { Audience } from '../../contract/audience.ts'
import { calledBy, EVERYONE } from '../../domain/mention.ts'
import type { FocusStore, Memberships, MessageLog } from '../../ports.ts'

export type AudiencePorts = {
  rooms: Pick<Memberships, 'audience'>
  messages: Pick<MessageLog, 'page' | 'worthTelling' | 'get'>
  focus: Pick<FocusStore, 'focused'>
}

/** Who was away for longer is told of the latest anyway, … */
const MOST_MESSAGES = 20
/** … but not who wants to hear only of what calls them, or has blocked whoever says so much: what they are told of may be further back. */
const MOST_BEFORE = 500

/** Who is in a room, what each of them wants to be told of it, and what is new; undefined when there is no such room. */
export async function tellAudience(
  ports: AudiencePorts,
  roomId: number,
  afterSeq: number,
): Promise<Audience | undefined> {
  const [found, focused] = await Promise.all([ports.rooms.audience(roomId), ports.focus.focused(roomId)])
  if (!found) return undefined
  const { id, type, name, last_seq } = found.room
  return {
    room: { id, type, name, last_seq },
    members: found.members.map(({ user_id, notify, muted_until, read_seq, join_seq }) => ({
      user_id,
      notify,
      muted_until: muted_until === null ? null : isoTime(muted_until),
      read_seq,
      join_seq,
      focused: focused.has(user_id),
    })),
    messages: await newMessages(ports.messages, roomId, afterSeq, last_seq),
  }
}

async function newMessages(
  messages: AudiencePorts['messages'],
  room_id: number,
  after: number,
  last: number,
): Promise<Audience['messages']> {
  const latest = await messages.page({ room_id, after, before: last + 1, limit: MOST_MESSAGES, fromEnd: true })
  const rows = [...latest]
  if (latest.length === MOST_MESSAGES) {
    const { seq: before } = latest[0]!
    const by = [...new Set(latest.map(({ user_id }) => user_id))]
    rows.unshift(...(await messages.worthTelling({ room_id, after, before, authors: by, limit: MOST_BEFORE })))
  }
  const authors = new Map(rows.map(({ seq, user_id }) => [seq, user_id]))
  const missing = new Set(
    rows.flatMap(({ reply_to }) => (reply_to === null || authors.has(reply_to) ? [] : [reply_to])),
  )
  for (const seq of missing) {
    const row = await messages.get(room_id, seq)
    if (row) authors.set(seq, row.user_id)
  }
  return rows
    .filter(({ deleted_at }) => deleted_at === null)
    .map(({ seq, user_id, message_type, content, reply_to, mentions }) => {
      const called = calledBy(mentions)
      return {
        seq,
        user_id,
        message_type,
        content,
        reply_to_user_id: reply_to === null ? null : (authors.get(reply_to) ?? null),
        mentions: called.filter((id) => id !== EVERYONE),
        mentions_everyone: called.includes(EVERYONE),
      }
    })
}
