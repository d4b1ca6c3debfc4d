import { Type, type Static } from 'typebox'

const Nullable = <T extends Parameters<typeof Type.Optional>[0]>(schema: T) => Type.Union([schema, Type.Null()])
const Time = Type.String({ format: 'date-time', examples: ['2026-01-27T10:00:00.000Z'] })
const Id = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
const Seq = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })

export const RoleSchema = Type.Enum(['owner', 'admin', 'member'])
export const MESSAGE_TYPES = ['text', 'image', 'file', 'voice'] as const
export const MAX_CONTENT = 10_000

export const FileSchema = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    type: Type.String({ description: 'Media type found in the bytes, not the one claimed' }),
    size: Type.Integer({ description: 'bytes' }),
    width: Nullable(Type.Integer()),
    height: Nullable(Type.Integer()),
    has_thumbnail: Type.Boolean(),
    url: Type.String(),
    thumbnail_url: Nullable(Type.String()),
  },
  { $id: 'File' },
)

export const MessageSchema = Type.Object(
  {
    id: Type.String({ examples: ['msg_1_123'] }),
    room_id: Id,
    user_id: Id,
    content: Type.String({ examples: ['안녕하세요!'] }),
    message_type: Type.Enum([...MESSAGE_TYPES, 'system']),
    seq: Type.Integer({ description: 'Gap-free place in the room: 1, 2, 3 …' }),
    rev: Type.Integer({ description: "The room's revision of this message's latest change" }),
    created_at: Time,
    edited_at: Nullable(Time),
    is_deleted: Type.Boolean(),
    reply_to: Nullable(Type.String({ description: 'id of the message answered' })),
    reactions: Type.Array(
      Type.Object({ emoji: Type.String(), count: Type.Integer(), user_ids: Type.Array(Type.Integer()) }),
    ),
    unread_count: Type.Integer({ description: 'Current members who have not read up to this message' }),
    client_message_id: Nullable(Type.String()),
    file: Nullable(FileSchema),
    system: Nullable(
      Type.Record(Type.String(), Type.Unknown(), { description: 'What a system message tells; see docs/realtime.md' }),
    ),
    pinned_at: Nullable(Time),
    pinned_by: Nullable(Type.Integer()),
  },
  { $id: 'Message' },
)
export type MessageView = Static<typeof MessageSchema>

export const MemberSchema = Type.Object(
  {
    user_id: Id,
    username: Type.String(),
    display_name: Type.String(),
    profile_image_url: Nullable(Type.String()),
    role: RoleSchema,
    join_seq: Seq,
    joined_at: Time,
    read_seq: Seq,
  },
  { $id: 'Member' },
)
export type MemberView = Static<typeof MemberSchema>

export const RoomSchema = Type.Object(
  {
    id: Id,
    type: Type.Enum(['direct', 'group']),
    name: Type.String({ description: "A group's name; of a direct room the other person's display name" }),
    created_by: Id,
    created_at: Time,
    member_count: Type.Integer(),
    members: Type.Array(MemberSchema, {
      description:
        'All members up to 100; of larger rooms oneself and the first ones (GET /chat-rooms/{id}/members has all)',
    }),
    last_message: Nullable(MessageSchema),
    last_seq: Seq,
    rev: Seq,
    unread_count: Type.Integer(),
    muted: Type.Boolean(),
    role: RoleSchema,
    read_seq: Seq,
    join_seq: Seq,
    last_activity_at: Time,
  },
  { $id: 'Room' },
)
export type RoomView = Static<typeof RoomSchema>

const Emoji = Type.String({ minLength: 1, maxLength: 32 })

export const SendBody = Type.Object(
  {
    content: Type.Optional(Type.String({ maxLength: MAX_CONTENT })),
    message_type: Type.Optional(Type.Enum([...MESSAGE_TYPES], { default: 'text' })),
    reply_to: Type.Optional(Nullable(Type.String({ maxLength: 64, description: 'id of a message of this room' }))),
    file_id: Type.Optional(Nullable(Type.String({ maxLength: 64 }))),
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
  { content: Type.String({ minLength: 1, maxLength: MAX_CONTENT }) },
  { examples: [{ content: '고친 내용' }] },
)

export const RoomParams = Type.Object({ room_id: Id })
export const MessageParams = Type.Object({ room_id: Id, message_id: Type.String({ maxLength: 64 }) })
export const ReactionParams = Type.Object({ room_id: Id, message_id: Type.String({ maxLength: 64 }), emoji: Emoji })

export { Emoji, Id, Nullable, Seq, Time }
