import { Type, type Static } from 'typebox'
import { Id } from './schemas.ts'

export const UnreadRoomsSchema = Type.Object({
  rooms: Type.Array(
    Type.Object({ id: Id, name: Type.String({ examples: ['지우'] }), unread_count: Type.Integer({ minimum: 1 }) }),
    { description: 'The latest first; none that is hidden, or muted and calls nobody' },
  ),
})
export type UnreadRooms = Static<typeof UnreadRoomsSchema>
