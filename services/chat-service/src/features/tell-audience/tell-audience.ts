import { isoTime } from '@bigtech/kernel'
import type { Audience } from '../../contract/audience.ts'
import type { FocusStore, Memberships } from '../../ports.ts'

export type AudiencePorts = { rooms: Pick<Memberships, 'audience'>; focus: Pick<FocusStore, 'focused'> }

/** Who is in a room, and what each of them wants to be told of it; undefined when there is no such room. */
export async function tellAudience(ports: AudiencePorts, roomId: number): Promise<Audience | undefined> {
  const [found, focused] = await Promise.all([ports.rooms.audience(roomId), ports.focus.focused(roomId)])
  if (!found) return undefined
  const { id, type, name } = found.room
  return {
    room: { id, type, name },
    members: found.members.map(({ user_id, notify, muted_until, read_seq, join_seq }) => ({
      user_id,
      notify,
      muted_until: muted_until === null ? null : isoTime(muted_until),
      read_seq,
      join_seq,
      focused: focused.has(user_id),
    })),
  }
}
