import type { Clock } from '@bigtech/kernel'
import type { Broker } from '@bigtech/realtime'
import { accessRoom } from '../../access/access.ts'
import type { Memberships } from '../../ports.ts'
import { publishTyping } from '../../views/frames.ts'

export type TypingPorts = { rooms: Memberships; broker: Broker; clock: Clock }

/** Tells the room that a member types, or has stopped. Best effort: it is not stored. @throws ROOM_NOT_FOUND, NOT_A_MEMBER */
export async function sendTyping(
  { rooms, broker, clock }: TypingPorts,
  typing: { room_id: number; user_id: number; typing: boolean },
): Promise<void> {
  await accessRoom(rooms, typing.room_id, typing.user_id)
  publishTyping(broker, { ...typing, at: clock.now() })
}
