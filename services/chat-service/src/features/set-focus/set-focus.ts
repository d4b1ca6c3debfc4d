import { accessRoom } from '../../access/access.ts'
import type { FocusHolder, FocusStore, Memberships } from '../../ports.ts'

export type FocusPorts = { rooms: Memberships; focus: FocusStore }

/** Which room a connection shows from now on, for whoever tells people of messages: who looks at them needs no telling. @throws as accessRoom */
export async function setFocus(ports: FocusPorts, holder: FocusHolder, roomId: number | null): Promise<void> {
  if (roomId !== null) await accessRoom(ports.rooms, roomId, holder.user_id)
  await ports.focus.set(holder, roomId)
}
