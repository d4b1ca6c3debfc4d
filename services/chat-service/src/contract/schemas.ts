import { Type, type Static } from 'typebox'

const Nullable = <T extends Parameters<typeof Type.Optional>[0]>(schema: T, options: { description?: string } = {}) =>
  Type.Union([schema, Type.Null()], options)
/** Null in most answers, and so in examples. */
const Rarely = <T extends Parameters<typeof Type.Optional>[0]>(schema: T) =>
  Type.Union([schema, Type.Null()], { examples: [null] })
const Time = Type.String({ format: 'date-time', examples: ['2026-01-27T10:00:00.000Z'] })
const Id = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
const Seq = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })

export const RoleSchema = Type.Enum(['owner', 'admin', 'member'])
export const MESSAGE_TYPES = ['text', 'image', 'file', 'voice'] as const
export const MAX_CONTENT = 10_000

const EXAMPLE_ID = '0198c2aa-5b7c-7cc0-9a67-3f1b7f3d2a10'

export const FileSchema = Type.Object(
  {
    id: Type.String({ examples: [EXAMPLE_ID] }),
    name: Type.String({ examples: ['여행 사진.jpg'] }),
    type: Type.String({
      description: 'Media type found in the bytes, not the one claimed',
      examples: ['image/jpeg'],
    }),
    size: Type.Integer({ description: 'bytes', examples: [482_113] }),
    width: Nullable(Type.Integer({ examples: [1_600] })),
    height: Nullable(Type.Integer({ examples: [1_200] })),
    has_thumbnail: Type.Boolean({ examples: [true] }),
    url: Type.String({ examples: [`/files/${EXAMPLE_ID}`] }),
    thumbnail_url: Nullable(Type.String({ examples: [`/files/${EXAMPLE_ID}/thumbnail`] })),
  },
  { $id: 'File' },
)

const range = {
  offset: Type.Integer({
    minimum: 0,
    maximum: MAX_CONTENT,
    description: 'in UTF-16 code units of `content`, as JavaScript counts them',
    examples: [0],
  }),
  length: Type.Integer({ minimum: 1, maximum: MAX_CONTENT, examples: [3] }),
}
/** One of the members, whatever they are called by now; or everyone in the room. */
export const MentionSchema = Type.Union([
  Type.Object({ user_id: Id, ...range }, { additionalProperties: false }),
  Type.Object({ everyone: Type.Literal(true), ...range }, { additionalProperties: false }),
])
export const MentionsField = Type.Optional(
  Type.Array(MentionSchema, {
    description:
      'Ranges of `content` that call members (`{user_id, offset, length}`) or, from the owner and admins of a group, everyone (`{everyone: true, offset, length}`): ' +
      'at most 50, not overlapping. Without the field `@username`, `@all` and `@모두` in the text are found. Who is no member stays text',
    examples: [[{ user_id: 2, offset: 0, length: 3 }]],
  }),
)

export const MessageSchema = Type.Object(
  {
    id: Type.String({ examples: ['msg_1_42'] }),
    room_id: Id,
    user_id: Id,
    content: Type.String({ examples: ['안녕하세요!'] }),
    message_type: Type.Enum([...MESSAGE_TYPES, 'system']),
    seq: Type.Integer({ description: 'Gap-free place in the room: 1, 2, 3 …', examples: [42] }),
    rev: Type.Integer({ description: "The room's revision of this message's latest change", examples: [57] }),
    created_at: Time,
    edited_at: Rarely(Time),
    is_deleted: Type.Boolean(),
    reply_to: Rarely(Type.String({ description: 'id of the message answered' })),
    reactions: Type.Array(
      Type.Object({ emoji: Type.String(), count: Type.Integer(), user_ids: Type.Array(Type.Integer()) }),
      { examples: [[{ emoji: '👍', count: 1, user_ids: [2] }]] },
    ),
    mentions: Type.Array(MentionSchema, {
      description: 'Whom the text calls, by ascending offset',
      examples: [[]],
    }),
    unread_count: Type.Integer({ description: 'Current members who have not read up to this message' }),
    client_message_id: Nullable(Type.String({ examples: ['0192f0c1-6a2e-7c3d-9c7b-2f6f0b1d2e3f'] })),
    file: Rarely(FileSchema),
    system: Rarely(
      Type.Record(Type.String(), Type.Unknown(), { description: 'What a system message tells; see docs/realtime.md' }),
    ),
    pinned_at: Rarely(Time),
    pinned_by: Rarely(Type.Integer()),
  },
  { $id: 'Message' },
)
export type MessageView = Static<typeof MessageSchema>

export const SearchHitSchema = Type.Object(
  {
    ...MessageSchema.properties,
    sender: Type.Object({
      display_name: Type.String({ examples: ['이서연'] }),
      profile_image_url: Rarely(Type.String()),
    }),
  },
  { $id: 'SearchHit' },
)
export type SearchHit = Static<typeof SearchHitSchema>

/** What a member wants to be told of: every message, those that mention or answer them, or none. */
export const NOTIFY = ['all', 'mentions', 'none'] as const
export const NotifySchema = Type.Enum([...NOTIFY], { examples: ['all'] })
export const MutedUntil = Type.Union([Time, Type.Null()], {
  description: 'Nothing is told before, whatever `notify` says; in the past it means nothing',
  examples: [null],
})

const LastSeq = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, examples: [42] })

export const MemberSchema = Type.Object(
  {
    user_id: Id,
    username: Type.String({ examples: ['minsu'] }),
    display_name: Type.String({ examples: ['김민수'] }),
    profile_image_url: Rarely(Type.String()),
    role: RoleSchema,
    join_seq: Type.Integer({ minimum: 0, description: 'Messages after this one are visible', examples: [0] }),
    joined_at: Time,
    read_seq: LastSeq,
  },
  { $id: 'Member' },
)
export type MemberView = Static<typeof MemberSchema>

export const RoomSchema = Type.Object(
  {
    id: Id,
    type: Type.Enum(['direct', 'group']),
    name: Type.String({
      description:
        "A group's name; of one without a name, and of a direct room, the names of the others as they are now, made for you",
      examples: ['이서연'],
    }),
    named: Type.Boolean({
      description: 'Whether the group has a name of its own, the same for all',
      examples: [false],
    }),
    created_by: Id,
    created_at: Time,
    member_count: Type.Integer({ examples: [2] }),
    members: Type.Array(MemberSchema, {
      description:
        'All members up to 100; of larger rooms oneself and the first ones (GET /chat-rooms/{id}/members has all)',
    }),
    last_message: Nullable(MessageSchema),
    last_seq: LastSeq,
    rev: Type.Integer({ minimum: 0, examples: [57] }),
    unread_count: Type.Integer({
      description: 'Messages after what you have read; those of the system and deleted ones do not count',
      examples: [0],
    }),
    mention_count: Type.Integer({ description: 'Those of them that mention you or everyone', examples: [0] }),
    mentioned: Type.Array(Type.Integer(), { description: 'Their seq, ascending', examples: [[]] }),
    uncounted: Type.Array(Type.Integer(), {
      description:
        'The seq of those that do not count after max(read_seq, join_seq), ascending: unread_count = last_seq - max(read_seq, join_seq) - their number',
      examples: [[41]],
    }),
    muted: Type.Boolean({ description: 'Whether `notify` is none' }),
    notify: NotifySchema,
    muted_until: MutedUntil,
    hidden: Type.Boolean({ description: 'A direct room you cleared; its next message shows it again' }),
    role: RoleSchema,
    read_seq: LastSeq,
    join_seq: Type.Integer({ minimum: 0, examples: [0] }),
    last_activity_at: Time,
  },
  { $id: 'Room' },
)
export type RoomView = Static<typeof RoomSchema>

export const RoomWithInvitedSchema = Type.Object(
  {
    ...RoomSchema.properties,
    invited: Type.Array(Id, {
      description: 'Who was asked to come back, and is no member before they accept',
      examples: [[5]],
    }),
  },
  { $id: 'RoomWithInvited' },
)

export const InvitationSchema = Type.Object(
  {
    room_id: Id,
    name: Type.String({ examples: ['점심 모임'] }),
    member_count: Type.Integer({ examples: [4] }),
    invited_by: Type.Object({
      user_id: Id,
      display_name: Type.String({ examples: ['김민수'] }),
      profile_image_url: Rarely(Type.String()),
    }),
    created_at: Time,
  },
  { $id: 'Invitation' },
)

export const GroupName = Type.String({ maxLength: 100, examples: ['점심 모임'] })

const Emoji = Type.String({ minLength: 1, maxLength: 32, pattern: '^[^\\p{Cc}\\p{Z}]+$', examples: ['👍'] })

export const SendBody = Type.Object(
  {
    content: Type.Optional(Type.String({ maxLength: MAX_CONTENT })),
    message_type: Type.Optional(Type.Enum([...MESSAGE_TYPES], { default: 'text' })),
    reply_to: Type.Optional(Nullable(Type.String({ maxLength: 64, description: 'id of a message of this room' }))),
    file_id: Type.Optional(Nullable(Type.String({ maxLength: 64 }))),
    mentions: MentionsField,
    client_message_id: Type.Optional(
      Nullable(
        Type.String({
          minLength: 1,
          maxLength: 128,
          description: 'Chosen by the client; a repeat returns the first message',
        }),
      ),
    ),
  },
  {
    examples: [
      { content: '안녕하세요!', message_type: 'text', client_message_id: '0192f0c1-6a2e-7c3d-9c7b-2f6f0b1d2e3f' },
    ],
  },
)
export type SendBodyType = Static<typeof SendBody>
export const EditBody = Type.Object(
  { content: Type.String({ minLength: 1, maxLength: MAX_CONTENT }), mentions: MentionsField },
  { examples: [{ content: '고친 내용' }] },
)

export const FocusedRoom = Type.Union([Id, Type.Null()], {
  description: 'One of your rooms, which is shown at the moment; null: none, or nobody looks',
})

const MessageId = Type.String({ maxLength: 64, examples: ['msg_1_42'] })

export const RoomParams = Type.Object({ room_id: Id })
export const MessageParams = Type.Object({ room_id: Id, message_id: MessageId })
export const ReactionParams = Type.Object({ room_id: Id, message_id: MessageId, emoji: Emoji })

export { Emoji, Id, Nullable, Seq, Time }
