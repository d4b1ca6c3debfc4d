import { Type, type TProperties } from 'typebox'
import {
  Emoji,
  Id,
  MAX_CONTENT,
  MentionSchema,
  MESSAGE_TYPES,
  NotifySchema,
  Nullable,
  RoleSchema,
  Seq,
} from '../../contract/schemas.ts'
import { MAX_MENTIONS } from '../../domain/mention.ts'
import { MAX_ADDED_AT_ONCE } from '../../domain/room.ts'

/**
 * What one process may ask of another's partition. What was decided stands in the log for ever and has to go into the tables: a value that they do not take, or that
 * cannot even be looked up, would stop its partition for everybody, so it is refused here. Fields that this process does not know are of a newer one.
 */

const Moment = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
const Limit = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
const Users = Type.Array(Id, { maxItems: MAX_ADDED_AT_ONCE, uniqueItems: true })
const RoomName = Type.String({ maxLength: 1_000 })
const Mentions = Type.Optional(Type.Array(MentionSchema, { maxItems: MAX_MENTIONS }))
const Pixels = Nullable(Type.Integer({ minimum: 0, maximum: 2_147_483_647 }))

const File = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 64 }),
  name: Type.String({ maxLength: 1_000 }),
  type: Type.String({ maxLength: 255 }),
  size: Limit,
  width: Pixels,
  height: Pixels,
  has_thumbnail: Type.Boolean(),
})

const MessageChange = Type.Union([
  Type.Object({ kind: Type.Literal('edit'), content: Type.String({ maxLength: MAX_CONTENT }), mentions: Mentions }),
  Type.Object({ kind: Type.Literal('delete') }),
  Type.Object({ kind: Type.Literal('react'), emoji: Emoji }),
  Type.Object({ kind: Type.Literal('unreact'), emoji: Emoji }),
  Type.Object({ kind: Type.Literal('pin') }),
  Type.Object({ kind: Type.Literal('unpin') }),
])

const occasion = { now: Moment, traceparent: Type.String({ maxLength: 200 }) }
const byActor = { room_id: Id, actor: Id, ...occasion }
const ofUser = { room_id: Id, user_id: Id }

const command = <K extends string, P extends TProperties>(kind: K, asks: P) =>
  Type.Object({ kind: Type.Literal(kind), asks: Type.Object(asks) })

/** The most frequent first: they are tried in this order. */
const KNOWN = [
  command('append', {
    ...ofUser,
    message_type: Type.Enum([...MESSAGE_TYPES]),
    content: Type.String({ maxLength: MAX_CONTENT }),
    reply_to: Nullable(Seq),
    // Commands of an older process have neither.
    reply_to_user_id: Type.Optional(Nullable(Id)),
    mentions: Mentions,
    file: Nullable(File),
    client_message_id: Nullable(Type.String({ maxLength: 128 })),
    only_repeat: Type.Optional(Type.Boolean()),
    ...occasion,
  }),
  command('markRead', { ...ofUser, seq: Seq, ...occasion }),
  command('change', {
    room_id: Id,
    seq: Seq,
    change: MessageChange,
    actor: Type.Object({ user_id: Id, role: RoleSchema, room_type: Type.Enum(['direct', 'group']) }),
    limits: Type.Optional(Type.Object({ reactions: Limit, pins: Limit })),
    ...occasion,
  }),
  command('openDirect', { ...ofUser, other_id: Id, rooms_limit: Type.Optional(Limit), ...occasion }),
  command('createGroup', { ...byActor, name: Nullable(RoomName), member_ids: Users }),
  command('addMembers', {
    ...byActor,
    user_ids: Users,
    via: Type.Enum(['added', 'invite']),
    limit: Limit,
    rooms_limit: Type.Optional(Limit),
    ask_again_after: Type.Optional(Limit),
  }),
  command('acceptInvitation', { ...byActor, limit: Limit, rooms_limit: Type.Optional(Limit) }),
  command('declineInvitation', { ...ofUser, now: Moment }),
  command('withdrawInvitation', ofUser),
  command('removeMember', { ...byActor, user_id: Id, via: Type.Enum(['left', 'removed', 'closed']) }),
  command('setRole', { ...byActor, user_id: Id, role: RoleSchema }),
  command('rename', { ...byActor, name: RoomName }),
  command('hideDirect', ofUser),
  command('setMuted', {
    ...ofUser,
    muted: Type.Boolean(),
    now: Type.Optional(Moment),
    traceparent: Type.Optional(occasion.traceparent),
  }),
  command('setSettings', { ...ofUser, notify: NotifySchema, muted_until: Nullable(Moment), ...occasion }),
  command('setInvite', {
    room_id: Id,
    // Commands of an older process have no actor.
    actor: Type.Optional(Id),
    code: Nullable(Type.String({ maxLength: 64 })),
    expires_at: Nullable(Moment),
  }),
  command('wasDone', { room_id: Id }),
] as const

/** Of a newer process. It fails alone, and not those that it was sent with. */
const Unknown = Type.Object({
  kind: Type.String({ maxLength: 100, not: { enum: KNOWN.map(({ properties }) => properties.kind.const) } }),
  asks: Type.Object({ room_id: Id }),
})

export const KnownCommand = Type.Union([...KNOWN])

/** `key` goes into the log; `call` is kept as long as a refusal is remembered. */
export const PartitionCommand = Type.Object({
  key: Type.String({ minLength: 1, maxLength: 500 }),
  call: Type.String({ minLength: 1, maxLength: 500 }),
  body: Type.Union([...KNOWN, Unknown]),
})
