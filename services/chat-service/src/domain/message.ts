import { messageId } from '../contract/ids.ts'
import type { Mention } from './mention.ts'
import { withParticle } from './particle.ts'
import { missingRole, type Role } from './room.ts'

/** Messages and their changes. Pure: no I/O, clock or randomness. */

export type MessageType = 'text' | 'image' | 'file' | 'voice' | 'system'

/** Emoji → user ids, in the order of reacting. */
export type Reactions = Readonly<Record<string, readonly number[]>>

export type FileInfo = Readonly<{
  id: string
  name: string
  type: string
  size: number
  width: number | null
  height: number | null
  has_thumbnail: boolean
}>

/** What a system message tells, so that clients keep members, name and roles current from the log alone. */
export type SystemEvent =
  | Readonly<{ kind: 'room_created'; user_ids: readonly number[] }>
  | Readonly<{ kind: 'member_joined'; user_ids: readonly number[]; via: 'added' | 'invite' }>
  | Readonly<{
      kind: 'member_left'
      user_ids: readonly number[]
      via: 'left' | 'removed' | 'closed'
      new_owner: number | null
    }>
  /** An empty name: the room has none any more. */
  | Readonly<{ kind: 'room_renamed'; name: string }>
  | Readonly<{ kind: 'role_changed'; user_ids: readonly number[]; role: Role }>

/** A row of the log. `rev` is the room's revision of its latest change. */
export type MessageRow = Readonly<{
  room_id: number
  seq: number
  rev: number
  user_id: number
  message_type: MessageType
  content: string
  reply_to: number | null
  file: FileInfo | null
  client_message_id: string | null
  system: SystemEvent | null
  reactions: Reactions
  /** Whom the text calls, by ascending offset. */
  mentions: readonly Mention[]
  created_at: number
  edited_at: number | null
  deleted_at: number | null
  pinned_at: number | null
  pinned_by: number | null
}>

export type Actor = Readonly<{ user_id: number; role: Role; room_type: 'direct' | 'group' }>

export type MessageChange =
  /** Without mentions it calls nobody. */
  | Readonly<{ kind: 'edit'; content: string; mentions?: readonly Mention[] }>
  | Readonly<{ kind: 'delete' }>
  | Readonly<{ kind: 'react'; emoji: string }>
  | Readonly<{ kind: 'unreact'; emoji: string }>
  | Readonly<{ kind: 'pin' }>
  | Readonly<{ kind: 'unpin' }>

export type Refusal = 'MESSAGE_DELETED' | 'NOT_YOUR_MESSAGE' | 'NOT_EDITABLE' | 'SYSTEM_MESSAGE' | 'TOO_MANY_REACTIONS'

export type Decision =
  | Readonly<{ outcome: 'changed'; row: MessageRow }>
  /** The row already is as asked: answered like a success, without a new revision. */
  | Readonly<{ outcome: 'unchanged' }>
  | Readonly<{ outcome: 'refused'; code: Refusal }>

/** Different reactions to a message, pinned messages of a room. */
export type ChangeLimits = Readonly<{ reactions: number; pins: number }>
export const DEFAULT_LIMITS: ChangeLimits = { reactions: 20, pins: 50 }

const unchanged: Decision = { outcome: 'unchanged' }
const refused = (code: Refusal): Decision => ({ outcome: 'refused', code })
const changed = (row: MessageRow): Decision => ({ outcome: 'changed', row })

/** What a change makes of a message (before it is given its new `rev`), or why not. `now` in epoch ms. */
export function decideChange(
  row: MessageRow,
  change: MessageChange,
  actor: Actor,
  now: number,
  limits = DEFAULT_LIMITS,
): Decision {
  if (row.message_type === 'system') return refused('SYSTEM_MESSAGE')
  if (row.deleted_at !== null) return change.kind === 'delete' ? unchanged : refused('MESSAGE_DELETED')
  const own = row.user_id === actor.user_id
  switch (change.kind) {
    case 'edit':
      if (!own) return refused('NOT_YOUR_MESSAGE')
      if (row.message_type !== 'text') return refused('NOT_EDITABLE')
      return row.content === change.content
        ? unchanged
        : changed({ ...row, content: change.content, mentions: change.mentions ?? [], edited_at: now })
    case 'delete':
      if (!own && (actor.room_type === 'direct' || missingRole(actor, 'delete_any'))) return refused('NOT_YOUR_MESSAGE')
      return changed({
        ...row,
        content: '',
        file: null,
        reactions: {},
        mentions: [],
        deleted_at: now,
        pinned_at: null,
        pinned_by: null,
      })
    case 'react': {
      const users = whoReacted(row.reactions, change.emoji)
      if (users.includes(actor.user_id)) return unchanged
      if (users.length === 0 && Object.keys(row.reactions).length >= limits.reactions)
        return refused('TOO_MANY_REACTIONS')
      return changed({ ...row, reactions: { ...row.reactions, [change.emoji]: [...users, actor.user_id] } })
    }
    case 'unreact': {
      const users = whoReacted(row.reactions, change.emoji)
      if (!users.includes(actor.user_id)) return unchanged
      const { [change.emoji]: _gone, ...others } = row.reactions
      const left = users.filter((user) => user !== actor.user_id)
      return changed({ ...row, reactions: left.length > 0 ? { ...others, [change.emoji]: left } : others })
    }
    case 'pin':
      return row.pinned_at === null ? changed({ ...row, pinned_at: now, pinned_by: actor.user_id }) : unchanged
    case 'unpin':
      return row.pinned_at === null ? unchanged : changed({ ...row, pinned_at: null, pinned_by: null })
  }
}

export type ChangeRefusal = Refusal | 'MESSAGE_NOT_FOUND' | 'NOT_A_MEMBER' | 'TOO_MANY_PINS'

/**
 * As `decideChange`, of a message of a room as they are in the moment of writing: since the use case has checked it the actor may have left, or left
 * and come back.
 * @param place.row undefined: there is none; `join_seq` undefined: the actor is no member; `pins`: pinned messages of the room
 */
export function decideChangeIn(
  place: { row: MessageRow | undefined; join_seq: number | undefined; pins: () => number },
  {
    change,
    actor,
    now,
    limits = DEFAULT_LIMITS,
  }: { change: MessageChange; actor: Actor; now: number; limits?: ChangeLimits },
): { refused: ChangeRefusal } | { row: MessageRow; isChanged: boolean } {
  const { row, join_seq } = place
  if (!row) return { refused: 'MESSAGE_NOT_FOUND' }
  if (join_seq === undefined) return { refused: 'NOT_A_MEMBER' }
  if (row.seq <= join_seq) return { refused: 'MESSAGE_NOT_FOUND' }
  const decision = decideChange(row, change, actor, now, limits)
  if (decision.outcome === 'refused') return { refused: decision.code }
  if (decision.outcome === 'unchanged') return { row, isChanged: false }
  if (change.kind === 'pin' && place.pins() >= limits.pins) return { refused: 'TOO_MANY_PINS' }
  return { row: decision.row, isChanged: true }
}

/** Whether a message with the id of another is that one, sent again. */
export function isSentAgain(
  original: MessageRow,
  message: Pick<MessageRow, 'message_type' | 'reply_to' | 'content' | 'file'>,
): boolean {
  // An original edited or deleted since is still the original: only what cannot change is compared then.
  const touched = original.edited_at !== null || original.deleted_at !== null
  return (
    original.message_type === message.message_type &&
    original.reply_to === message.reply_to &&
    (touched || (original.content === message.content && original.file?.id === message.file?.id))
  )
}

/** Any text may be an emoji here: `constructor` too. */
const whoReacted = (reactions: Reactions, emoji: string): readonly number[] =>
  Object.hasOwn(reactions, emoji) ? reactions[emoji]! : []

const ROLES = { owner: '방장', admin: '관리자', member: '멤버' }

/** Text of a system message, for lists, notifications and clients that show no more than text. Names are those of the moment. */
export function systemText(event: SystemEvent, names: (userId: number) => string, actor: number): string {
  const people = event.kind === 'room_renamed' ? '' : event.user_ids.slice(0, 5).map(names).join(', ')
  const rest = event.kind === 'room_renamed' || event.user_ids.length <= 5 ? '' : ` 외 ${event.user_ids.length - 5}명`
  switch (event.kind) {
    case 'room_created':
      return `${names(actor)}님이 채팅방을 만들었습니다`
    case 'member_joined':
      return event.via === 'invite'
        ? `${people}${rest}님이 들어왔습니다`
        : `${names(actor)}님이 ${people}${rest}님을 초대했습니다`
    case 'member_left':
      return (
        (event.via === 'removed' ? `${people}님을 내보냈습니다` : `${people}님이 나갔습니다`) +
        (event.new_owner === null ? '' : `. 이제 ${names(event.new_owner)}님이 방장입니다`)
      )
    case 'room_renamed':
      return event.name === ''
        ? `${names(actor)}님이 채팅방 이름을 지웠습니다`
        : `${names(actor)}님이 채팅방 이름을 ${withParticle(`'${event.name}'`, '으로/로')} 바꿨습니다`
    case 'role_changed':
      return `${people}${rest}님의 권한이 ${withParticle(ROLES[event.role], '으로/로')} 바뀌었습니다`
  }
}

export const idOf = (row: Pick<MessageRow, 'room_id' | 'seq'>): string => messageId(row.room_id, row.seq)
