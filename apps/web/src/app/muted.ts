import { isMuted, type RoomState } from '@bigtech/client'
import { shallowRef } from 'vue'

/** What has a time to end shows that it ended within this. */
const LOOK_MS = 10_000

const now = shallowRef(Date.now())
setInterval(() => (now.value = Date.now()), LOOK_MS)

/** Whether a room tells nothing at the moment. */
export const isRoomMuted = (room: Pick<RoomState, 'notify' | 'muted_until'>): boolean => isMuted(room, now.value)

/** Until when, if it ends by itself. */
export const mutedUntil = ({ notify, muted_until }: Pick<RoomState, 'notify' | 'muted_until'>): string | null =>
  notify !== 'none' && muted_until !== null && Date.parse(muted_until) > now.value ? muted_until : null
