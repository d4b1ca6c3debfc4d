import { Type, type Static } from 'typebox'
import { Id, MutedUntil, NotifySchema, Nullable, Seq } from './schemas.ts'

/** A room as whoever tells people of its messages needs it. */
export const AudienceSchema = Type.Object(
  {
    room: Type.Object({
      id: Id,
      type: Type.Enum(['direct', 'group']),
      name: Nullable(Type.String(), { description: 'Of groups that have one; others are named after their members' }),
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
  },
  { $id: 'Audience' },
)
export type Audience = Static<typeof AudienceSchema>
