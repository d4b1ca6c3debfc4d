import { HttpStatusError, type HttpClient } from '@bigtech/resilience'
import type { RoomMember, RoomMessage } from '../../domain/decide-push.ts'
import type { Audience, Rooms, UnreadRoom } from '../../ports.ts'

/** As chat-service tells it (its contract, `Audience`): times are ISO 8601. */
type Told = Readonly<{
  room: Audience['room']
  members: readonly (Omit<RoomMember, 'muted_until'> & Readonly<{ muted_until: string | null }>)[]
  messages: readonly RoomMessage[]
}>

/** chat-service, as another process asks it. */
export const createRooms = (client: HttpClient): Rooms =>
  roomsOf({
    async audience(roomId, after_seq) {
      try {
        return await client.get<Told>(`/internal/rooms/${roomId}/audience`, { query: { after_seq } })
      } catch (error) {
        if (error instanceof HttpStatusError && error.status === 404) return undefined
        throw error
      }
    },
    unread: (userId, since) =>
      client.get<{ rooms: readonly UnreadRoom[] }>(`/internal/users/${userId}/unread`, { query: { since } }),
  })

/** chat-service in the same process. */
export const roomsOf = (chat: {
  audience(roomId: number, afterSeq: number): Promise<Told | undefined>
  unread(userId: number, since: number): Promise<{ rooms: readonly UnreadRoom[] }>
}): Rooms => ({
  async audience(roomId, afterSeq) {
    const told = await chat.audience(roomId, afterSeq)
    return told && audienceOf(told)
  },
  unread: async (userId, since) => (await chat.unread(userId, since)).rooms,
})

const audienceOf = ({ room, members, messages }: Told): Audience => ({
  room,
  members: members.map(({ muted_until, ...member }) => ({
    ...member,
    muted_until: muted_until === null ? null : Date.parse(muted_until),
  })),
  messages,
})
