import type { EventRecord } from '@bigtech/messaging'
import type { MakeOptions } from '@bigtech/messaging/event-kind'
import { isoTime } from '@bigtech/kernel'
import { kinds } from '../contract/event-kinds.ts'
import type { RoomSettings } from '../domain/room.ts'

/** Whichever store makes it. */
export const settingsEvent = (
  { room_id, user_id, notify, muted_until }: RoomSettings & Readonly<{ room_id: number; user_id: number }>,
  options: MakeOptions,
): EventRecord =>
  kinds.RoomSettingsChanged.make(
    { room_id, user_id, notify, muted_until: muted_until === null ? null : isoTime(muted_until) },
    options,
  )
