import { Type, type Static } from 'typebox'
import { Id, MutedUntil, NotifySchema, Nullable, Seq } from './schemas.ts'

/** A room as whoever tells people of its messages needs it. */
export const AudienceSchema = Type.Object(
  {
    room: Type.Object({
      id: Id,
      type: Type.Enum(['direct', 'group']),
      name: Nullable(Type.String(), { description: 'Of groups that have one; others are named after their members' }),
      last_seq: Seq,
    }),
    members: Type.Array(
      Type.Object({
        user_id: Id,
        notify: NotifySchema,
        muted_until: MutedUntil,
        read_seq: Seq,
        join_seq: Seq,
        focused: Type.Boolean({ description: 'Whether one of their clients shows the room at the moment' }),
      }),
      { description: 'All of them, by ascending user id' },
    ),
    messages: Type.Array(
      Type.Object({
        seq: Seq,
        user_id: Id,
        message_type: Type.String(),
        content: Type.String(),
        reply_to_user_id: Nullable(Id, { description: 'Who wrote the message that it answers' }),
        mentions: Type.Array(Id),
        mentions_everyone: Type.Boolean(),
      }),
      {
        description:
          'After `after_seq`, oldest first, without those that were deleted: the latest 20, and of those before them what calls or answers somebody, or is by somebody else than the 20 are; 500 at most',
      },
    ),
  },
  { $id: 'Audience' },
)
export type Audience = Static<typeof AudienceSchema>
