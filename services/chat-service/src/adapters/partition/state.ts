import type { MessageRow } from '../../domain/message.ts'
import { DEFAULT_SETTINGS, type Notify, type Role, type RoomType } from '../../domain/room.ts'
import { settingsIn, upgrade, type ChatDocument, type ChatEntry, type NewMember } from './entries.ts'
import type { StoredInvitation, StoredRoom } from './ports.ts'

export type RoomMember = {
  readonly user_id: number
  role: Role
  join_seq: number
  readonly joined_at: number
  read_seq: number
  notify: Notify
  muted_until: number | null
  hidden: boolean
}

/** A room as its owner decides on it: what the log says up to the last entry, applied to the tables or not. */
export type RoomState = {
  readonly id: number
  readonly type: RoomType
  name: string | null
  f: number
  last_seq: number
  rev: number
  last_activity_at: number
  pins: number
  readonly members: Map<number, RoomMember>
  readonly former: Map<number, 'left' | 'removed' | 'closed' | null>
  readonly invitations: Map<number, StoredInvitation>
  /** Entries that are in the log, and not in the tables as far as is known here. */
  unsettled: number
}

type KeptRow = { row: MessageRow; unsettled: number }

/** Of a partition, with what is unsettled; those used last. */
export type Kept = Readonly<{ rooms: number; rows: number }>
const KEPT: Kept = { rooms: 20_000, rows: 20_000 }

/** What an owner knows of its partition. Nothing is forgotten between `makeRoom` and the next: a batch finds what was loaded for it. */
export class PartitionState {
  readonly p: number
  readonly #kept: Kept
  readonly #rooms = new Map<number, RoomState>()
  readonly #rows = new Map<string, KeptRow>()
  /** seq by room and the sender's id, of the rows that are kept. */
  readonly #sent = new Map<string, number>()
  /** Of the moment of the batch: not of the partition, and not kept. */
  names: ReadonlyMap<number, string> = new Map()
  counts: ReadonlyMap<number, number> = new Map()
  /** Commands that were carried out before this owner, by their keys; undefined until they were looked for. */
  earlier: Readonly<{ entries: ReadonlyMap<string, ChatEntry>; until: number }> | undefined

  constructor(p: number, kept = KEPT) {
    this.p = p
    this.#kept = kept
  }

  room(id: number): RoomState | undefined {
    return this.#rooms.get(id)
  }

  /** As `room`, which is among those used last then. */
  use(id: number): RoomState | undefined {
    const room = this.#rooms.get(id)
    if (!room) return undefined
    this.#rooms.delete(id)
    this.#rooms.set(id, room)
    return room
  }

  row(roomId: number, seq: number): MessageRow | undefined {
    return this.#rows.get(rowKey(roomId, seq))?.row
  }

  sentRow(roomId: number, userId: number, clientMessageId: string): MessageRow | undefined {
    const seq = this.#sent.get(sentKey(roomId, userId, clientMessageId))
    return seq === undefined ? undefined : this.row(roomId, seq)
  }

  /** From the tables. What is here is newer. */
  takeRoom(stored: StoredRoom): void {
    if (this.#rooms.has(stored.id)) return
    const { members, former, invitations, id, type, name, f, last_seq, rev, last_activity_at, pins } = stored
    this.#rooms.set(id, {
      id,
      type,
      name,
      f,
      last_seq,
      rev,
      last_activity_at,
      pins,
      members: new Map(members.map((member) => [member.user_id, { ...member }])),
      former: new Map(former.map(({ user_id, via }) => [user_id, via])),
      invitations: new Map(invitations.map((invitation) => [invitation.user_id, invitation])),
      unsettled: 0,
    })
  }

  takeRow(row: MessageRow): void {
    if (!this.#rows.has(rowKey(row.room_id, row.seq))) this.#keep(row, 0)
  }

  apply({ room: id, f, body }: ChatEntry): void {
    const entry = upgrade(body)
    if (entry.kind === 'created') this.#rooms.set(id, { ...newRoom(id, entry.room), members: entriesOf(entry.members) })
    const room = this.#rooms.get(id)!
    room.f = f
    room.unsettled++
    switch (entry.kind) {
      case 'created':
        return
      case 'message': {
        const { row, reads, shown, sets } = entry
        room.last_seq = row.seq
        room.rev = row.rev
        room.last_activity_at = entry.last_activity_at
        if (reads) room.members.get(row.user_id)!.read_seq = row.seq
        for (const user of shown) room.members.get(user)!.hidden = false
        if (sets?.name !== undefined) room.name = sets.name
        for (const { user_id, role } of sets?.roles ?? []) room.members.get(user_id)!.role = role
        return this.#keep(row, 1)
      }
      case 'changed': {
        const { row } = entry
        const wasPinned = this.row(id, row.seq)!.pinned_at !== null
        room.pins += Number(row.pinned_at !== null) - Number(wasPinned)
        room.rev = row.rev
        return this.#keep(row, 1)
      }
      case 'read':
        room.members.get(entry.user_id)!.read_seq = entry.read_seq
        return
      case 'joined':
        for (const [user, member] of entriesOf(entry.members)) {
          room.members.set(user, member)
          room.former.delete(user)
          room.invitations.delete(user)
        }
        return
      case 'left':
        room.members.delete(entry.user_id)
        room.former.set(entry.user_id, entry.via)
        for (const user of entry.withdrawn) room.invitations.delete(user)
        return
      case 'settings': {
        const { user_id, hidden, join_seq } = entry
        Object.assign(room.members.get(user_id)!, { ...settingsIn(entry), hidden, join_seq })
        return
      }
      case 'invited':
        for (const one of entry.invitations) room.invitations.set(one.user_id, { ...one, declined_at: null })
        return
      case 'declined': {
        const { user_id, declined_at } = entry
        room.invitations.set(user_id, { ...room.invitations.get(user_id)!, declined_at })
        return
      }
      case 'withdrawn':
        for (const user of entry.user_ids) room.invitations.delete(user)
        return
      case 'link':
    }
  }

  /** The document is in the tables. */
  settled({ entries }: ChatDocument): void {
    for (const { room, body } of entries) {
      const state = this.#rooms.get(room)
      if (state) state.unsettled--
      if (body.kind !== 'message' && body.kind !== 'changed') continue
      const kept = this.#rows.get(rowKey(room, body.row.seq))
      if (kept) kept.unsettled--
    }
  }

  /** Forgets what was not used for longest, but nothing that the tables may not have yet. Before a batch is looked at. */
  makeRoom(): void {
    for (const room of this.#rooms.values()) {
      if (this.#rooms.size <= this.#kept.rooms) break
      if (room.unsettled === 0) this.#rooms.delete(room.id)
    }
    for (const [key, { row, unsettled }] of this.#rows) {
      if (this.#rows.size <= this.#kept.rows) break
      if (unsettled > 0) continue
      this.#rows.delete(key)
      if (row.client_message_id !== null) this.#sent.delete(sentKey(row.room_id, row.user_id, row.client_message_id))
    }
  }

  #keep(row: MessageRow, more: number): void {
    const key = rowKey(row.room_id, row.seq)
    const unsettled = (this.#rows.get(key)?.unsettled ?? 0) + more
    this.#rows.delete(key)
    this.#rows.set(key, { row, unsettled })
    const { room_id, user_id, client_message_id, seq } = row
    if (client_message_id !== null) this.#sent.set(sentKey(room_id, user_id, client_message_id), seq)
  }
}

const rowKey = (roomId: number, seq: number): string => `${roomId}/${seq}`
const sentKey = (roomId: number, userId: number, id: string): string => `${roomId}/${userId}/${id}`

const newRoom = (
  id: number,
  { type, name, created_at }: { type: RoomType; name: string | null; created_at: number },
) => ({
  id,
  type,
  name,
  f: 0,
  last_seq: 0,
  rev: 0,
  last_activity_at: created_at,
  pins: 0,
  members: new Map<number, RoomMember>(),
  former: new Map<number, 'left' | 'removed' | 'closed' | null>(),
  invitations: new Map<number, StoredInvitation>(),
  unsettled: 0,
})

const entriesOf = (members: readonly NewMember[]): Map<number, RoomMember> =>
  new Map(members.map((member) => [member.user_id, { ...member, ...DEFAULT_SETTINGS, hidden: false }]))
