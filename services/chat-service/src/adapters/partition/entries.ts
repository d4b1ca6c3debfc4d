import type { Control, Entry, LogDocument } from '@bigtech/partition-log'
import type { MessageChange, MessageRow } from '../../domain/message.ts'
import type { Member, Notify, Role, Room, RoomSettings } from '../../domain/room.ts'

/**
 * What a document of the partition log says of the chat. Each entry has the next `f` of its room and holds *values as they are after it*, never
 * differences: whoever makes tables of the log writes them as they stand, once or again, guarded by `f` (of messages by `rev`). Where a row
 * has the time of a change, it is the `at` of the document.
 *
 * Plain JSON. A field may be added when its absence means what was before; another meaning takes another `v`, and `upgrade` reads both.
 */
export type EntryBody = Readonly<{ v: 1 }> & Happened

export type Happened =
  | Created
  | Said
  | Changed
  | Read
  | Joined
  | Left
  | Settings
  | Invited
  | Declined
  | Withdrawn
  | Linked

/** The command that it comes of: its time, epoch ms, and trace. */
export type Occasion = Readonly<{ now: number; traceparent: string }>

/** As they come in: told of everything, not hidden. */
export type NewMember = Readonly<Pick<Member, 'user_id' | 'role' | 'join_seq' | 'joined_at' | 'read_seq'>>

/** As the partition log sees what is made of it. */
export type Bodies = { body: EntryBody; command: unknown; answer: unknown; state: unknown }
export type ChatEntry = Entry<Bodies>
export type ChatDocument = LogDocument<Bodies>

/** The first entry of a room, f = 1. Before it there is no such room, whatever the directory says. Its head: no message, rev 0, active at `created_at`. */
export type Created = Readonly<{
  kind: 'created'
  room: Pick<Room, 'type' | 'name' | 'created_by' | 'created_at'>
  /** All of them. Control: joins. */
  members: readonly NewMember[]
  on: Occasion
}>

/** A new message, also of the system. The room's head moves to its `seq` and `rev`. Its file is attached from now on. */
export type Said = Readonly<{
  kind: 'message'
  row: MessageRow
  /** Members who have not read it. */
  unread_count: number
  /** The author's position before; `row.seq` of one who is no member. */
  old_read_seq: number
  /** Whether the author is a member, whose read_seq is `row.seq` now. */
  reads: boolean
  /** Of the room. */
  last_activity_at: number
  /** Members to whom the room was hidden and is not any more. That is no change of settings. */
  shown: readonly number[]
  /** Who wrote the message that it answers; absent: it answers none, or is older than this. */
  reply_to_user_id?: number
  /** What else is so now, of which the message of the system tells. */
  sets?: Readonly<{ name?: string | null; roles?: readonly Readonly<{ user_id: number; role: Role }>[] }>
  on: Occasion
}>

/** A message as it is after a change. The room's head moves to its `rev`. */
export type Changed = Readonly<{
  kind: 'changed'
  row: MessageRow
  unread_count: number
  change: MessageChange['kind']
  /** Of a reaction. */
  emoji?: string
  /** Who did it. */
  by: number
  /** The file that was attached until now, of a message that was deleted. */
  detached: string | null
  /** When the text was written that this takes back, epoch ms. */
  since: number
  on: Occasion
}>

export type Read = Readonly<{
  kind: 'read'
  user_id: number
  old_read_seq: number
  read_seq: number
  /** Without one it has no event: a room that was cleared. */
  on: Occasion | null
}>

/** Control: joins. They are former members no more, and have no invitation. */
export type Joined = Readonly<{
  kind: 'joined'
  members: readonly NewMember[]
  via: 'added' | 'invite'
  by: number
  /** Of the room, after it. */
  member_count: number
  /** What the command was answered. */
  outcome: Added
  on: Occasion
}>
export type Added = Readonly<{ added: readonly number[]; invited: readonly number[] }>

/** Control: leaves. They are a former member since `at`, gone that way. */
export type Left = Readonly<{
  kind: 'left'
  user_id: number
  via: 'left' | 'removed' | 'closed'
  new_owner: number | null
  member_count: number
  /** Whose invitations to the room are gone. */
  withdrawn: readonly number[]
  on: Occasion
}>

/** One's own view of a room. Control: only. */
export type Settings = Readonly<{
  kind: 'settings'
  user_id: number
  /** Whether nothing is told: all that processes knew of before `notify`. */
  muted: boolean
  /** Absent: 'none' if muted, else 'all'. */
  notify?: Notify
  /** epoch ms; absent: null */
  muted_until?: number | null
  hidden: boolean
  /** Of a room that was cleared it is its end. */
  join_seq: number
  /** Absent: it has no event, as one that hides or shows the room. */
  on?: Occasion
}>

/** Nobody is told of this and what follows. Who is asked has that invitation now, and has not declined it. */
export type Invited = Readonly<{
  kind: 'invited'
  invitations: readonly Readonly<{ user_id: number; invited_by: number; created_at: number }>[]
  outcome: Added
}>
/** The invitation stays, so that nobody is asked again at once. */
export type Declined = Readonly<{ kind: 'declined'; user_id: number; declined_at: number }>
/** Invitations that are gone. */
export type Withdrawn = Readonly<{ kind: 'withdrawn'; user_ids: readonly number[] }>
/** The room's one link, or none. */
export type Linked = Readonly<{ kind: 'link'; code: string | null; expires_at: number | null }>

/** What a member is told of, as an entry has it. */
export const settingsIn = ({ muted, notify, muted_until }: Settings): RoomSettings => ({
  notify: notify ?? (muted ? 'none' : 'all'),
  muted_until: muted_until ?? null,
})

/** A log may be older than the process that reads it, and newer only while processes are replaced. */
export function upgrade(body: EntryBody): EntryBody {
  const { v } = body as { v: number }
  if (v !== 1) throw new Error(`an entry of the partition log is of version ${v}, which this process does not know`)
  if (body.kind !== 'message' && body.kind !== 'changed') return body
  // Messages called nobody before.
  return (body.row as Partial<MessageRow>).mentions ? body : { ...body, row: { ...body.row, mentions: [] } }
}

/** Who is concerned beyond the room's members. */
export function controlOf(happened: Happened): Control | undefined {
  switch (happened.kind) {
    case 'created':
    case 'joined':
      return { joins: happened.members.map(({ user_id }) => user_id) }
    case 'left':
      return { leaves: [happened.user_id] }
    case 'settings':
      return { only: happened.user_id }
    default:
      return undefined
  }
}
