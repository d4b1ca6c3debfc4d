import type { EventHandler } from '@bigtech/messaging'
import {
  UserClosed,
  UserClosureCancelled,
  UserClosureRequested,
  UserProfileUpdated,
  UserStatusChanged,
} from '../../contract/events.ts'
import type { Profiles } from '../../views/profiles.ts'

/** Invalidates cached profiles in every process that shares the cache. */
export function profileHandlers(profiles: Pick<Profiles, 'forget'>): Record<string, EventHandler> {
  const changing = [UserProfileUpdated, UserStatusChanged, UserClosureRequested, UserClosureCancelled, UserClosed]
  const forget: EventHandler = ({ value }) => profiles.forget(Number(value['user_id']))
  return Object.fromEntries(changing.map((event) => [event.type, forget]))
}
