import fc from 'fast-check'
import type { MessageRow } from '../../domain/message.ts'
import { DEFAULT_SETTINGS, type Role } from '../../domain/room.ts'
import { settingsIn, type ChatDocument, type ChatEntry, type Happened, type NewMember } from '../partition/entries.ts'
import type { StoredInvitation, StoredMember, StoredRoom } from '../partition/ports.ts'
import { traceparent } from '../chat-store.fixture.ts'

export const PARTITIONS = 2
const USERS = [1, 2, 3, 4, 5, 6]
const TEXTS = ['김치찌개', '물', 'C++', 'Café 100%', '따옴표 \' " \\ \0 끝', '👩‍👩‍👧‍👦', '', '가'.repeat(300)]

const DO = [
  'create',
  'say',
  'say',
  'say',
  'file',
  'change',
  'change',
  'delete',
  'read',
  'join',
  'leave',
  'settings',
  'invite',
  'decline',
  'withdraw',
  'link',
] as const
const step = fc.record({
  do: fc.constantFrom(...DO),
  room: fc.nat(4),
  user: fc.nat(5),
  n: fc.nat(50),
  ends: fc.boolean(),
})
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** What the log comes to: the rooms, and all their messages. */
type Model = {
  room: Mutable<Omit<StoredRoom, 'members' | 'former' | 'invitations' | 'member_count' | 'pins'>>
  members: Map<number, Mutable<StoredMember>>
  former: Map<number, 'left' | 'removed' | 'closed'>
  invitations: Map<number, StoredInvitation>
  rows: MessageRow[]
  link: { code: string; expires_at: number | null } | undefined
}

export type RandomLog = Readonly<{ logs: readonly ChatDocument[][]; rooms: ReadonlyMap<number, Model> }>

/** Logs of all partitions. Nobody decides here: whatever an owner could write, and in any order. */
export const randomLog: fc.Arbitrary<RandomLog> = fc.array(step, { minLength: 20, maxLength: 120 }).map(makeLog)

function makeLog(steps: readonly Step[]): RandomLog {
  const rooms = new Map<number, Model>()
  const logs: ChatDocument[][] = Array.from({ length: PARTITIONS }, () => [])
  const open: ChatEntry[][] = Array.from({ length: PARTITIONS }, () => [])
  const end = (p: number) => {
    const n = logs[p]!.length + 1
    logs[p]!.push({ p, n, term: 1, at: 1_700_000_000_000_000 + n * 1_000 + p, by: `${n}`, entries: open[p]! })
    open[p] = []
  }
  for (const step of steps) {
    const one = rooms.size < 3 ? { ...step, do: 'create' as const } : step
    const id = one.do === 'create' ? rooms.size + 1 : 1 + (one.room % Math.max(1, rooms.size))
    const p = id % PARTITIONS
    const happened = happen(rooms, id, one)
    for (const body of happened)
      open[p]!.push({
        room: id,
        f: ++rooms.get(id)!.room.f,
        key: `${id}-${rooms.get(id)!.room.f}`,
        body: { v: 1, ...body },
      })
    if (one.ends) end(p)
  }
  for (let p = 0; p < PARTITIONS; p++) end(p)
  return { logs, rooms }
}

function happen(rooms: Map<number, Model>, id: number, one: Step): Happened[] {
  const { n } = one
  const on = { now: 1_000 + n, traceparent }
  const user = USERS[one.user]!
  if (one.do === 'create') {
    const type = n % 3 === 0 ? 'direct' : 'group'
    const people = type === 'direct' ? [user, USERS[(one.user + 1) % 6]!] : USERS.slice(0, 1 + (n % 4))
    const members = people.map((user_id, i) => joining(user_id, i === 0 && type === 'group' ? 'owner' : 'member', 0, n))
    const of = { type, name: type === 'group' ? `방 ${n}` : null, created_by: user, created_at: n } as const
    const room = { id, ...of, last_seq: 0, rev: 0, f: 0, last_activity_at: n }
    const kept = new Map(members.map((member) => [member.user_id, { ...member, ...DEFAULT_SETTINGS, hidden: false }]))
    rooms.set(id, { room, members: kept, former: new Map(), invitations: new Map(), rows: [], link: undefined })
    return [{ kind: 'created', room: of, members, on }]
  }
  const model = rooms.get(id)
  if (!model) return []
  const { room, members, former, invitations, rows } = model
  const me = members.get(user)
  switch (one.do) {
    case 'say':
    case 'file':
      return [say(model, user, one)]
    case 'change':
    case 'delete': {
      const row = rows[n % Math.max(1, rows.length)]
      if (!row || row.message_type === 'system' || row.deleted_at !== null) return []
      return [changed(model, row, user, one)]
    }
    case 'read': {
      if (!me || me.read_seq >= room.last_seq) return []
      const old_read_seq = me.read_seq
      me.read_seq = old_read_seq + 1 + (n % (room.last_seq - old_read_seq))
      return [{ kind: 'read', user_id: user, old_read_seq, read_seq: me.read_seq, on: n % 2 ? on : null }]
    }
    case 'join': {
      if (me) return []
      const member = joining(user, 'member', room.last_seq, n)
      members.set(user, { ...member, ...DEFAULT_SETTINGS, hidden: false })
      former.delete(user)
      invitations.delete(user)
      const member_count = members.size
      const outcome = { added: [user], invited: [] }
      return [{ kind: 'joined', members: [member], via: 'added', by: 1, member_count, outcome, on }]
    }
    case 'leave': {
      if (!me) return []
      const via = (['left', 'removed', 'closed'] as const)[n % 3]!
      members.delete(user)
      former.set(user, via)
      const withdrawn = [...invitations.keys()].filter((asked) => (asked + n) % 2 === 0)
      for (const asked of withdrawn) invitations.delete(asked)
      return [{ kind: 'left', user_id: user, via, new_owner: null, member_count: members.size, withdrawn, on }]
    }
    case 'settings': {
      if (!me) return []
      const is = { hidden: n % 3 === 0, join_seq: n % 5 === 0 ? room.last_seq : me.join_seq }
      // As processes of the version before wrote it, and as it is.
      const old = { kind: 'settings', user_id: user, muted: n % 2 === 0, ...is } as const
      const notify = (['all', 'mentions', 'none'] as const)[n % 3]!
      const now = { ...old, muted: notify === 'none', notify, muted_until: n % 2 === 0 ? n : null, on }
      const settings = n % 4 === 0 ? old : now
      Object.assign(me, is, settingsIn(settings))
      return [settings]
    }
    case 'invite': {
      const asked = USERS.filter((other) => !members.has(other) && (other + n) % 2 === 0)
      const made = asked.map((user_id) => ({ user_id, invited_by: user, created_at: n }))
      for (const invitation of made) invitations.set(invitation.user_id, { ...invitation, declined_at: null })
      return [{ kind: 'invited', invitations: made, outcome: { added: [], invited: asked } }]
    }
    case 'decline': {
      const invitation = invitations.get(user)
      if (!invitation) return []
      invitations.set(user, { ...invitation, declined_at: n })
      return [{ kind: 'declined', user_id: user, declined_at: n }]
    }
    case 'withdraw':
      invitations.delete(user)
      return [{ kind: 'withdrawn', user_ids: [user] }]
    case 'link':
      model.link = n % 3 ? { code: `code-${id}-${n}`, expires_at: n % 2 ? n : null } : undefined
      return [{ kind: 'link', code: model.link?.code ?? null, expires_at: model.link?.expires_at ?? null }]
  }
}

const joining = (user_id: number, role: Role, seq: number, n: number): NewMember => ({
  user_id,
  role,
  join_seq: seq,
  joined_at: n,
  read_seq: seq,
})

const mentionsOf = (n: number): MessageRow['mentions'] =>
  [[], [{ user_id: 1 + (n % 6), offset: 0, length: 1 }], [{ everyone: true as const, offset: 0, length: 1 }]][n % 3]!

function say(model: Model, user_id: number, { do: what, n }: Step): Happened {
  const { room, members, rows } = model
  const me = members.get(user_id)
  const isSystem = n % 7 === 0
  const id = `f${n % 3}`
  const file = { id, name: `사진 ${n}.png`, type: 'image/png', size: n, width: 1, height: 2, has_thumbnail: false }
  const row: MessageRow = {
    room_id: room.id,
    seq: ++room.last_seq,
    rev: ++room.rev,
    user_id,
    message_type: isSystem ? 'system' : what === 'file' ? 'image' : 'text',
    content: TEXTS[n % 8]!,
    reply_to: n % 5 === 0 ? 1 : null,
    file: what === 'file' && !isSystem ? file : null,
    client_message_id: isSystem || n % 2 === 0 ? null : `c ${room.last_seq} `,
    system: isSystem ? { kind: 'room_renamed', name: `이름 ${n}` } : null,
    reactions: {},
    mentions: mentionsOf(n),
    created_at: n,
    edited_at: null,
    deleted_at: null,
    pinned_at: null,
    pinned_by: null,
  }
  const old_read_seq = me?.read_seq ?? row.seq
  if (me) me.read_seq = row.seq
  const shown = [...members.values()].filter(({ hidden }) => hidden).map((member) => member.user_id)
  for (const member of members.values()) member.hidden = false
  room.last_activity_at = Math.max(room.last_activity_at, n)
  const role: Role = n % 2 ? 'admin' : 'member'
  const heir = [...members.values()][0]
  if (isSystem) {
    room.name = `이름 ${n}`
    if (heir) heir.role = role
  }
  rows.push(row)
  const sets = { name: room.name, roles: heir ? [{ user_id: heir.user_id, role }] : [] }
  return {
    kind: 'message',
    row,
    unread_count: 0,
    old_read_seq,
    reads: me !== undefined,
    last_activity_at: room.last_activity_at,
    shown,
    ...(isSystem && { sets }),
    on: { now: n, traceparent },
  }
}

function changed({ room, rows }: Model, before: MessageRow, by: number, { do: what, n }: Step): Happened {
  const rev = ++room.rev
  const kind = what === 'delete' ? 'delete' : (['edit', 'react', 'pin', 'unpin'] as const)[n % 4]!
  const values: Record<typeof kind, Partial<MessageRow>> = {
    delete: { content: '', file: null, reactions: {}, mentions: [], deleted_at: n, pinned_at: null, pinned_by: null },
    edit: { content: `고침 ${TEXTS[(n + 1) % 8]!}`, mentions: mentionsOf(n + 1), edited_at: n },
    react: { reactions: { '👍': [by], '🎉': [1, 2] } },
    pin: { pinned_at: n, pinned_by: by },
    unpin: { pinned_at: null, pinned_by: null },
  }
  const row = { ...before, ...values[kind], rev }
  rows[row.seq - 1] = row
  const detached = kind === 'delete' ? (before.file?.id ?? null) : null
  return { kind: 'changed', row, unread_count: 0, change: kind, by, detached, since: n, on: { now: n, traceparent } }
}

/** As `find` has it. */
export function storedRoom({ room, members, former, invitations, rows }: Model): StoredRoom {
  return {
    ...room,
    member_count: members.size,
    pins: rows.filter((row) => row.pinned_at !== null).length,
    members: [...members.values()].toSorted((a, b) => a.user_id - b.user_id),
    former: [...former].map(([user_id, via]) => ({ user_id, via })).toSorted((a, b) => a.user_id - b.user_id),
    invitations: [...invitations.values()].toSorted((a, b) => a.user_id - b.user_id),
  }
}
