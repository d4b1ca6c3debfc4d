import type { Inbox, Statistics, Told } from './effects.ts'

/**
 * What is recorded of a run. `n` numbers everything in the order in which the harness saw it, so that "before" means: seen
 * before it was asked for. Times are ms since the run began.
 */

/** A message, as far as the checker looks at it. Long contents are shortened (brief.ts). */
export type Row = {
  id: string
  room: number
  seq: number
  rev: number
  user: number
  kind: string
  content: string
  /** client_message_id */
  cmid: string | null
  deleted: boolean
  edited: boolean
  reply_to: string | null
  reactions: Record<string, number[]>
  pinned_by: number | null
  system: SystemFact | null
  /** the number beside it */
  unread: number
}

export type SystemFact = {
  kind: string
  user_ids: number[]
  via?: string
  role?: string
  name?: string
  new_owner?: number | null
}

export type MemberFact = { user: number; role: string; join_seq: number; read_seq: number }

export type RoomFact = {
  id: number
  type: string
  name: string
  rev: number
  last_seq: number
  join_seq: number
  read_seq: number
  unread: number
  /** seq of what does not count after max(read_seq, join_seq) */
  uncounted: number[]
  hidden: boolean
  /** What the reader wants to be told of it: all, mentions or none. */
  notify: string
  members: MemberFact[]
}

export const OP_NAMES = [
  'send',
  'edit',
  'delete',
  'react',
  'unreact',
  'pin',
  'unpin',
  'read',
  'typing',
  'history',
  'leave',
  'join',
  'add',
  'remove',
  'role',
  'rename_room',
  'hide',
  'block',
  'unblock',
  'rename_self',
  'befriend',
  'unfriend',
  'close_account',
] as const
export type OpName = (typeof OP_NAMES)[number]

/** `unknown`: no answer, so it may have happened or not, and may still. */
export type Outcome = 'ok' | 'failed' | 'unknown'

export type Op = {
  type: 'op'
  /** when it was asked */
  n: number
  /** when it was answered or given up */
  done: number
  at: number
  took: number
  client: string
  user: number
  do: OpName
  room: number | null
  args: OpArgs
  /** Sends of one lane were written to one connection one after the other, once each. */
  lane: string | null
  outcome: Outcome
  status: number | null
  code: string | null
  answer: OpAnswer
}

export type OpArgs = {
  content?: string
  cmid?: string
  message?: string
  seq?: number
  emoji?: string
  /** somebody it is done to; of a message whom it calls */
  other?: number
  /** id of the message that is answered */
  reply?: string
  role?: string
  name?: string
}

/** What an `ok` said. */
export type OpAnswer = { id?: string; seq?: number; rev?: number; row?: Row; read_seq?: number }

export type FrameFact = {
  type: string
  room: number | null
  rev?: number
  token?: string
  row?: Row
  old_read_seq?: number
  read_seq?: number
  user?: number
  from_rev?: number
  to_rev?: number
  rows?: Row[]
  reads?: { user: number; read_seq: number }[]
  resumed?: boolean
  reason?: string
  code?: number
  join_seq?: number
  hidden?: boolean
  heads?: Record<string, number>
}

/** Something a stream brought to a client. A `hello` begins a connection. */
export type FrameReceipt = { type: 'frame'; n: number; at: number; client: string; user: number; frame: FrameFact }

/** A connection of a client ended. */
export type EndReceipt = { type: 'ended'; n: number; at: number; client: string; user: number; reason: string }

/** What an API call for reading answered. `asked` is the `n` at which it was sent. */
export type AnswerReceipt = {
  type: 'answer'
  n: number
  asked: number
  at: number
  client: string
  user: number
  call: 'room' | 'rooms' | 'page' | 'changes'
  room: number | null
  status: number
  rooms: RoomFact[]
  rows: Row[]
  page: { last_seq: number; rev: number; read_seq: number; join_seq: number } | null
  changes: { from_rev: number; to_rev: number; has_more: boolean; reads: { user: number; read_seq: number }[] } | null
}

export type Receipt = FrameReceipt | EndReceipt | AnswerReceipt

export type FaultName =
  | 'kill'
  | 'restart'
  | 'pause'
  | 'disk'
  | 'clock'
  /** A backup of the running server, which is put into the place of what was there. */
  | 'restore'
  /** The services that only listen read a whole topic again. */
  | 'reread'
  /** What cannot be handled is published. */
  | 'poison'
  | 'cut'
  | 'halfopen'
  | 'blackhole'
  | 'freeze'
  /** Between the processes of a cluster and its engines, or each other. */
  | 'mysql'
  | 'redis'
  | 'nodes'
  | 'kafka'
  | 'zombie'
  | 'exile'
export type FaultEntry = {
  type: 'fault'
  n: number
  at: number
  fault: FaultName
  phase: 'begin' | 'end'
  detail: string
}

export type Entry = Op | Receipt | FaultEntry

/** A room of a round, and who must be able to read all of it. */
export type RoomSetup = { id: number; type: 'direct' | 'group'; members: number[]; reader: number; code: string | null }

/**
 * What somebody reads through the API when all is calm.
 * @property fact null: they are told they are no member
 * @property listed the room in their list; null: it is not in it
 */
export type View = { user: number; room: number; fact: RoomFact | null; listed: RoomFact | null; rows: Row[] }

/** What a client holds then. */
export type ClientState = {
  client: string
  user: number
  rooms: { id: number; rev: number; unread: number; members: MemberFact[]; rows: Row[] }[]
}

/** A record of a topic, as the operations API shows it. */
export type EventFact = {
  topic: string
  partition: number
  offset: number
  key: string
  id: string
  type: string
  fields: Record<string, unknown>
  /** Of a dead letter. */
  letter?: LetterFact
}

/** A group gave up what is at this place. */
export type LetterFact = { group: string; topic: string; partition: number; offset: number }

/** What the services say of themselves and of each other when all is calm. */
export type Calm = {
  lag: { group: string; topic: string; partition: number; lag: number }[]
  outbox: { service: string; pending: number; parked: number }[]
  /** Of what was not meant to become one. */
  dead_letters: number
  /** A name as user-service has it, as chat-service shows it (null: in no room that is looked at), as friend-service does. */
  names: { user: number; own: string; chat: string | null; friend: string }[]
  /** Blocks that friend-service lists. */
  blocks: { user: number; other: number }[]
  /** What became of a message sent in a direct room after the events were handled. */
  probes: { room: number; from: number; to: number; outcome: string }[]
  /** The account that was closed in the middle of the round, as an administrator sees it. */
  closed: { user: number; status: string; answered: boolean } | null
  /** Everybody's list of notifications; null: no process keeps any. */
  inboxes: Inbox[] | null
  /** null: no process counts. */
  statistics: Statistics | null
  /** null: no process tells devices anything. */
  told: Told | null
}

/** What all members read, and what all clients hold. */
export type Shown = { views: View[]; states: ClientState[] }

/** A round: rooms of its own, what was done and seen in them, and what was there when all was calm again. */
export type Round = {
  number: number
  rooms: RoomSetup[]
  /**
   * What the embedded profile promises beyond the other: texts that were taken back are taken out of the events too, and each frame that moves a
   * stream has a token of its own, which covers it.
   */
  profile: 'embedded' | 'distributed'
  users: number[]
  entries: Entry[]
  views: View[]
  states: ClientState[]
  /** The same, before the messages with which it was tried whether blocks hold. */
  earlier: Shown
  events: EventFact[]
  calm: Calm
  /** What must not happen whatever the faults: the server ended by itself, a client was told that it has a fault. */
  troubles: string[]
}
