import { createHash } from 'node:crypto'
import type { FrameFact, RoomFact, Row, SystemFact } from './types.ts'

const KEPT = 60

/** Long texts as their beginning, length and hash: equal texts stay equal, others differ. */
export function briefText(text: string): string {
  if (text.length <= KEPT + 20) return text
  const hash = createHash('sha1').update(text).digest('hex').slice(0, 10)
  return `${text.slice(0, KEPT)}…${text.length}:${hash}`
}

/** Bodies of the API and of the stream, as they come: nothing about them is certain. */
type Wire = Record<string, unknown>

export function briefRow(wire: unknown): Row {
  const m = wire as Wire
  const reactions = (m['reactions'] ?? []) as { emoji: string; user_ids: number[] }[]
  return {
    id: String(m['id']),
    room: Number(m['room_id']),
    seq: Number(m['seq']),
    rev: Number(m['rev']),
    user: Number(m['user_id']),
    kind: String(m['message_type']),
    content: briefText(String(m['content'])),
    cmid: (m['client_message_id'] ?? null) as string | null,
    deleted: m['is_deleted'] === true,
    edited: m['edited_at'] !== null,
    reply_to: (m['reply_to'] ?? null) as string | null,
    reactions: Object.fromEntries(reactions.map(({ emoji, user_ids }) => [emoji, user_ids])),
    pinned_by: (m['pinned_by'] ?? null) as number | null,
    system: systemOf(m['system']),
    unread: Number(m['unread_count']),
  }
}

function systemOf(wire: unknown): SystemFact | null {
  if (wire === null || wire === undefined) return null
  const { kind, user_ids, via, role, name, new_owner } = wire as Partial<SystemFact>
  return {
    kind: kind ?? '',
    user_ids: user_ids ?? [],
    ...(via === undefined ? {} : { via }),
    ...(role === undefined ? {} : { role }),
    ...(name === undefined ? {} : { name }),
    ...(new_owner === undefined ? {} : { new_owner }),
  }
}

export function briefRoom(wire: unknown): RoomFact {
  const r = wire as Wire
  return {
    id: Number(r['id']),
    type: String(r['type']),
    name: String(r['name']),
    rev: Number(r['rev']),
    last_seq: Number(r['last_seq']),
    join_seq: Number(r['join_seq']),
    read_seq: Number(r['read_seq']),
    unread: Number(r['unread_count']),
    uncounted: (r['uncounted'] ?? []) as number[],
    hidden: r['hidden'] === true,
    notify: String(r['notify']),
    members: ((r['members'] ?? []) as Wire[]).map((m) => ({
      user: Number(m['user_id']),
      role: String(m['role']),
      join_seq: Number(m['join_seq']),
      read_seq: Number(m['read_seq']),
    })),
  }
}

export const briefReads = (wire: unknown): { user: number; read_seq: number }[] =>
  ((wire ?? []) as Wire[]).map((one) => ({ user: Number(one['user_id']), read_seq: Number(one['read_seq']) }))

export function briefFrame(wire: unknown): FrameFact {
  const f = wire as Wire
  const number = (name: string) => (typeof f[name] === 'number' ? { [name]: f[name] } : {})
  return {
    type: String(f['type']),
    room: typeof f['room_id'] === 'number' ? f['room_id'] : null,
    ...number('rev'),
    ...number('old_read_seq'),
    ...number('read_seq'),
    ...number('from_rev'),
    ...number('to_rev'),
    ...number('code'),
    ...number('join_seq'),
    ...(typeof f['token'] === 'string' ? { token: f['token'] } : {}),
    ...(typeof f['user_id'] === 'number' ? { user: f['user_id'] } : {}),
    ...(f['message'] === undefined ? {} : { row: briefRow(f['message']) }),
    ...(Array.isArray(f['messages']) ? { rows: f['messages'].map(briefRow) } : {}),
    ...(Array.isArray(f['reads']) ? { reads: briefReads(f['reads']) } : {}),
    ...(typeof f['resumed'] === 'boolean' ? { resumed: f['resumed'] } : {}),
    ...(typeof f['reason'] === 'string' ? { reason: f['reason'] } : {}),
    ...(typeof f['hidden'] === 'boolean' ? { hidden: f['hidden'] } : {}),
    ...(typeof f['heads'] === 'object' ? { heads: f['heads'] as Record<string, number> } : {}),
  }
}
