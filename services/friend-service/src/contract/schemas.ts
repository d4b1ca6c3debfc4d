import { Type, type Static } from 'typebox'

const Id = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
const Time = Type.String({ format: 'date-time' })
const OptionalText = Type.Union([Type.String(), Type.Null()], { examples: [null] })

export const PersonSchema = Type.Object(
  {
    user_id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, examples: [2] }),
    username: Type.String({ examples: ['seoyeon'] }),
    display_name: Type.String({ examples: ['이서연'] }),
    status_message: OptionalText,
    profile_image_url: OptionalText,
  },
  { $id: 'Person' },
)
export type Person = Static<typeof PersonSchema>

export const RequestSchema = Type.Object(
  {
    id: Id,
    from_user_id: Id,
    to_user_id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, examples: [2] }),
    status: Type.Enum(['pending', 'accepted', 'rejected', 'cancelled']),
    created_at: Time,
  },
  { $id: 'FriendRequest' },
)
export type RequestView = Static<typeof RequestSchema>

export const ListedRequestSchema = Type.Object(
  { ...RequestSchema.properties, user: PersonSchema },
  { $id: 'ListedFriendRequest' },
)

export const FriendSchema = Type.Object(
  {
    ...PersonSchema.properties,
    online: Type.Union([Type.Boolean(), Type.Null()], { description: 'null: not known right now' }),
    last_seen_at: Type.Union([Time, Type.Null()]),
    friends_since: Time,
  },
  { $id: 'Friend' },
)

export { Id, Time }
