import type { Clock } from '@bigtech/kernel'
import {
  integerField,
  occasionOf,
  optionalTextField,
  textField,
  type EventHandler,
  type StoredRecord,
} from '@bigtech/messaging'
import { currentTraceparent } from '@bigtech/telemetry'
import type { ClosureStore, PeopleReadModel } from '../../ports.ts'

/**
 * Keeps chat-service's own picture of people: profiles and closures from `user.events`, blocks from `friend.events`.
 * Fields that are missing or of another type leave the record to the dead-letter queue.
 */
export function syncPeopleHandlers(ports: {
  people: PeopleReadModel
  closures: ClosureStore
  clock: Clock
}): Record<string, EventHandler> {
  const { people, closures, clock } = ports
  const base = (record: StoredRecord) => ({ event_id: occasionOf(record), now: clock.now() })

  const profile: EventHandler = (record) =>
    people.applyProfile({
      ...base(record),
      user_id: integerField(record, 'user_id'),
      profile: {
        username: textField(record, 'username'),
        display_name: textField(record, 'display_name'),
        profile_image_url: optionalTextField(record, 'profile_image_url'),
        active: (record.value['status'] ?? 'active') === 'active',
      },
    })
  const block =
    (blocked: boolean): EventHandler =>
    (record) =>
      people.applyBlock({
        ...base(record),
        user_id: integerField(record, 'user_id'),
        blocked_user_id: integerField(record, 'blocked_user_id'),
        blocked,
      })
  const closure = (record: StoredRecord) => ({
    ...base(record),
    user_id: integerField(record, 'user_id'),
    saga_id: textField(record, 'saga_id'),
    traceparent: currentTraceparent(),
  })

  return {
    UserRegistered: profile,
    UserProfileUpdated: profile,
    UserStatusChanged: profile,
    UserBlocked: block(true),
    UserUnblocked: block(false),
    UserClosureRequested: (record) => closures.prepare(closure(record)),
    UserClosureCancelled: (record) => closures.cancel(closure(record)),
    UserClosed: (record) => closures.erase(closure(record)),
  }
}
