import type { Clock } from '@bigtech/kernel'
import {
  integerField,
  occasionOf,
  optionalTextField,
  textField,
  type EventHandler,
  type StoredRecord,
} from '@bigtech/messaging'
import type { PeopleStore } from '../../ports.ts'

/** Keeps notification-service's own picture of people and blocks. */
export function syncPeopleHandlers({
  people,
  clock,
}: {
  people: PeopleStore
  clock: Clock
}): Record<string, EventHandler> {
  const base = (record: StoredRecord) => ({
    event_id: occasionOf(record),
    now: clock.now(),
    user_id: integerField(record, 'user_id'),
  })
  const profile: EventHandler = (record) => {
    const { user_id, ...event } = base(record)
    return people.applyProfile({
      ...event,
      person: {
        user_id,
        display_name: textField(record, 'display_name'),
        profile_image_url: optionalTextField(record, 'profile_image_url'),
        active: (record.value['status'] ?? 'active') === 'active',
      },
    })
  }
  const block =
    (on: boolean): EventHandler =>
    (record) =>
      people.block({ ...base(record), other: integerField(record, 'blocked_user_id'), on })
  return {
    UserRegistered: profile,
    UserProfileUpdated: profile,
    UserStatusChanged: profile,
    UserClosed: (record) => people.erase(base(record)),
    UserBlocked: block(true),
    UserUnblocked: block(false),
  }
}
