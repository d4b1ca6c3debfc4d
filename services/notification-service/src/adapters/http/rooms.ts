import { HttpStatusError, type HttpClient } from '@bigtech/resilience'
import type { RoomMember, RoomMessage } from '../../domain/decide-push.ts'
import type { Audience, Rooms } from '../../ports.ts'

/** As chat-service tells it (its contract, `Audience`): times are ISO 8601. */
type Told = Readonly<{
  room: Audience['room']
  members: readonly (Omit<RoomMember, 'muted_until'> & Readonly<{ muted_until: string | null }>)[]
  messages: readonly RoomMessage[]
}>

/** chat-service, as another process asks it. */
export const createRooms = (client: HttpClient): Rooms =>
  roomsOf(async (roomId, after_seq) => {
    try {
      return await client.get<Told>(`/internal/rooms/${roomId}/audience`, { query: { after_seq } })
    } catch (error) {
      if (error instanceof HttpStatusError && error.status === 404) return undefined
      throw error
    }
  })

/** chat-service in the same process. */
export const roomsOf = (ask: (roomId: number, afterSeq: number) => Promise<Told | undefined>): Rooms => ({
  async audience(roomId, afterSeq) {
    const told = await ask(roomId, afterSeq)
    return told && audienceOf(told)
  },
})

const audienceOf = ({ room, members, messages }: Told): Audience => ({
  room,
  members: members.map(({ muted_until, ...member }) => ({
    ...member,
    muted_until: muted_until === null ? null : Date.parse(muted_until),
  })),
  messages,
})
