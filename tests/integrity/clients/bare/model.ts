import { briefReads, briefRow } from '../../history/brief.ts'
import type { MemberFact, Row } from '../../history/types.ts'

/** What a client keeps of a room, and how frames change it: "The client's rule" of docs/realtime.md, word by word. */
export type HeldRoom = {
  rev: number
  rows: Map<number, Row>
  members: Map<number, MemberFact>
}

export type WireFrame = { type: string; room_id?: number | null; token?: string } & Record<string, unknown>

/** `missed`: something is missing between what is held and the frame. */
export type Verdict = 'applied' | 'ignored' | 'missed'

/** Rule 2. */
export function applyRevision(room: HeldRoom, frame: WireFrame): Verdict {
  const rev = frame['rev'] as number
  if (rev <= room.rev) return 'ignored'
  if (rev > room.rev + 1) return 'missed'
  if (frame['message'] !== undefined) putRow(room, briefRow(frame['message']))
  room.rev = rev
  return 'applied'
}

/** Rule 3, and the rows of rule 2. */
export function applyChanges(room: HeldRoom, frame: WireFrame): Verdict {
  const [from, to] = [frame['from_rev'] as number, frame['to_rev'] as number]
  if (room.rev < from) return 'missed'
  // In the order of the log: who joined must be known before who left again.
  const news = (frame['messages'] as unknown[]).map(briefRow).filter((row) => row.rev > room.rev)
  for (const row of news.toSorted((a, b) => a.seq - b.seq)) putRow(room, row)
  for (const { user, read_seq } of briefReads(frame['reads'])) applyRead(room, user, read_seq)
  room.rev = Math.max(room.rev, to)
  return 'applied'
}

/** Rule 4. */
export function applyRead({ members }: HeldRoom, user: number, readSeq: number): void {
  const member = members.get(user)
  if (member) member.read_seq = Math.max(member.read_seq, readSeq)
}

/** A direct room that was cleared on another device. */
export function forgetUpTo(room: HeldRoom, user: number, joinSeq: number): void {
  for (const seq of room.rows.keys()) if (seq <= joinSeq) room.rows.delete(seq)
  const me = room.members.get(user)
  if (me) me.join_seq = Math.max(me.join_seq, joinSeq)
}

/** Of each message the state with the greater `rev` counts. What follows from it is done again without harm. */
function putRow(room: HeldRoom, row: Row): void {
  const known = room.rows.get(row.seq)
  if (!known || known.rev < row.rev) room.rows.set(row.seq, row)
  if (row.system) applySystem(room, row)
  // Its author has thereby read up to it.
  applyRead(room, row.user, row.seq)
}

/** "System messages". */
function applySystem({ members }: HeldRoom, { system, seq }: Row): void {
  const { kind, user_ids, role, new_owner } = system!
  if (kind === 'member_joined')
    for (const user of user_ids) {
      const known = members.get(user)
      if (known && known.join_seq >= seq - 1) continue
      members.set(user, { user, role: 'member', join_seq: seq - 1, read_seq: seq - 1 })
    }
  if (kind === 'member_left') {
    for (const user of user_ids) if ((members.get(user)?.join_seq ?? 0) < seq) members.delete(user)
    const heir = members.get(new_owner ?? 0)
    if (heir) heir.role = 'owner'
  }
  if (kind === 'role_changed')
    for (const user of user_ids) {
      if (role === 'owner') for (const other of members.values()) if (other.role === 'owner') other.role = 'admin'
      const member = members.get(user)
      if (member) member.role = role!
    }
}

/** "Numbers that follow, never counted up". */
export function unreadIn(room: HeldRoom, user: number): number {
  const me = room.members.get(user)
  const after = Math.max(me?.read_seq ?? 0, me?.join_seq ?? 0)
  return [...room.rows.values()].filter((row) => row.seq > after && row.kind !== 'system' && !row.deleted).length
}

export const unreadBeside = ({ members }: HeldRoom, seq: number): number =>
  [...members.values()].filter(({ read_seq }) => read_seq < seq).length
