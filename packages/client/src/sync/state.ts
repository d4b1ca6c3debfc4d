import type { Frame, PersonFrame } from '../stream/frames.ts'
import type {
  Changes,
  Member,
  Mention,
  Message,
  MessagePage,
  MessageType,
  Notify,
  Presence,
  PublicProfile,
  Role,
  Room,
  RoomType,
} from '../types.ts'

export type MemberState = Readonly<{ user_id: number; role: Role; join_seq: number; read_seq: number }>
export type PersonState = Readonly<{
  user_id: number
  username: string
  display_name: string
  profile_image_url: string | null
}>

/** A piece of the log without holes: `messages[i].seq === from + i`. */
export type Window = Readonly<{ from: number; messages: readonly Message[] }>

/** A message of ours that is not in the log yet, as far as we know. */
export type Outgoing = Readonly<{
  client_message_id: string
  room_id: number
  content: string
  message_type: MessageType
  reply_to: string | null
  /** Whom it calls; without them `@username` in the text is found by the server. */
  mentions?: readonly Mention[]
  file_id: string | null
  /** A file that is uploaded first; `file_id` is its id once it is. */
  upload: Readonly<{ blob: Blob; name: string }> | null
  /** epoch ms; of two messages of one client never the same: this is their order */
  created_at: number
  /**
   * `pending` waits its turn or the network; `sent` is stored and its frame is still to come; `failed` was refused and is not sent
   * again by itself.
   */
  status: 'pending' | 'uploading' | 'sending' | 'sent' | 'failed'
  /** of `upload`, 0 … 1 */
  progress: number
  /** of `sent` */
  seq: number | null
  /** of `failed` */
  error: Error | null
}>

export type RoomState = Readonly<{
  id: number
  type: RoomType
  name: string
  named?: boolean
  created_by: number
  created_at: string
  last_activity_at: string
  member_count: number
  muted: boolean
  notify: Notify
  /** Nothing is told before; in the past it means nothing. */
  muted_until: string | null
  role: Role
  /** All revisions up to here are applied. */
  rev: number
  last_seq: number
  join_seq: number
  read_seq: number
  last_message: Message | null
  /** The `seq` of messages that do not count as unread; some may be before what was read. */
  uncounted: readonly number[]
  /** The `seq` of messages that mention oneself or everyone; some may be before what was read. */
  mentioned: readonly number[]
  /** All of them, once the room is opened; of direct rooms always. */
  members: ReadonlyMap<number, MemberState> | null
  /** What of the log is shown; null: not opened. */
  window: Window | null
  /** Changed messages outside of the window while a page is on its way, which may be older than they are. */
  paging: Readonly<{ op: number; strays: ReadonlyMap<number, Message> }> | null
  /** user → epoch ms at which to forget it */
  typing: ReadonlyMap<number, number>
  outgoing: readonly Outgoing[]
}>

/** Frames about rooms: what a hold keeps back. */
export type RoomFrame =
  | Extract<
      Frame,
      {
        type:
          | 'message'
          | 'message_changed'
          | 'skip'
          | 'read'
          | 'changes'
          | 'room_joined'
          | 'room_left'
          | 'room_settings'
      }
    >
  | Readonly<PersonFrame & { room_id: number }>
  | Readonly<{ type: 'resync_required'; room_id: number; reason: string }>
  /** of a heartbeat */
  | Readonly<{ type: 'head'; room_id: number; rev: number }>

/** Frames of a room wait while something of it is fetched. `op` names the fetch: answers of an earlier one are ignored. */
export type Hold = Readonly<{ kind: 'room' | 'open' | 'pull'; op: number; frames: readonly RoomFrame[] }>

export type SyncState = Readonly<{
  me: number | null
  /** The room list is there. */
  loaded: boolean
  rooms: ReadonlyMap<number, RoomState>
  holds: ReadonlyMap<number, Hold>
  /** While the list is fetched: the frames of all rooms, and the rooms to open after it. */
  listHold: Readonly<{ op: number; frames: readonly RoomFrame[]; reopen: ReadonlySet<number> }> | null
  presence: ReadonlyMap<number, Presence>
  people: ReadonlyMap<number, PersonState>
  /** The latest operation. */
  ops: number
}>

/** What the outside is to do; its answer comes back as an event with the same `op`. */
export type Effect =
  | Readonly<{ type: 'load_list'; op: number }>
  | Readonly<{ type: 'load_room'; op: number; room_id: number }>
  | Readonly<{ type: 'open_room'; op: number; room_id: number; around_seq: number | undefined }>
  | Readonly<{ type: 'pull'; op: number; room_id: number; since_rev: number }>
  | Readonly<{ type: 'load_people'; user_ids: readonly number[] }>

export type SyncEvent =
  | Readonly<{ type: 'frame'; frame: Frame; now: number }>
  | Readonly<{ type: 'tick'; now: number }>
  | Readonly<{ type: 'list_loaded'; op: number; rooms: readonly Room[] }>
  | Readonly<{ type: 'room_loaded'; op: number; room: Room }>
  | Readonly<{
      type: 'room_opened'
      op: number
      room: Room
      /** all of them, read after `room` was */
      members: readonly Member[]
      page: MessagePage
    }>
  /** There is no such room for us. */
  | Readonly<{ type: 'room_gone'; op: number; room_id: number }>
  /** Complete: `has_more` is false. */
  | Readonly<{ type: 'pulled'; op: number; changes: Changes }>
  | Readonly<{ type: 'people_loaded'; people: readonly PublicProfile[] }>
  | Readonly<{ type: 'presence_loaded'; presence: readonly Presence[] }>
  | Readonly<{ type: 'open'; room_id: number; around_seq?: number | undefined }>
  | Readonly<{ type: 'close'; room_id: number }>
  /** Lets go of the oldest messages of an opened room, but for `keep`. */
  | Readonly<{ type: 'trim'; room_id: number; keep: number }>
  /** Before a page of an opened room is asked for. @property op any number not used for the room before */
  | Readonly<{ type: 'page_asked'; room_id: number; op: number }>
  | Readonly<{ type: 'page_loaded'; room_id: number; op: number; page: MessagePage }>
  | Readonly<{ type: 'page_failed'; room_id: number; op: number }>
  | Readonly<{ type: 'read_acknowledged'; room_id: number; read_seq: number }>
  | Readonly<{ type: 'queued'; message: Outgoing }>
  | Readonly<{ type: 'progressed'; room_id: number; client_message_id: string; change: Partial<Outgoing> }>
  | Readonly<{ type: 'cancelled'; room_id: number; client_message_id: string }>

export type Step = Readonly<{ state: SyncState; effects: readonly Effect[] }>

export const emptyState: SyncState = {
  me: null,
  loaded: false,
  rooms: new Map(),
  holds: new Map(),
  listHold: null,
  presence: new Map(),
  people: new Map(),
  ops: 0,
}
