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
import { FriendRemoved, UserClosurePrepared } from '../../contract/events.ts'
import type { PeopleStore } from '../../ports.ts'

/** Keeps friend-service's own picture of people from `user.events`, and takes part in account closure. */
export function syncPeopleHandlers(ports: {
  people: PeopleStore
  clock: Clock
  notify(): void
}): Record<string, EventHandler> {
  const { people, clock } = ports
  const base = (record: StoredRecord) => ({
    event_id: occasionOf(record),
    now: clock.now(),
    user_id: integerField(record, 'user_id'),
  })
  const context = () => ({ clock, traceparent: currentTraceparent() })

  const profile: EventHandler = (record) => {
    const { user_id, ...event } = base(record)
    return people.applyProfile({
      ...event,
      profile: {
        user_id,
        username: textField(record, 'username'),
        display_name: textField(record, 'display_name'),
        status_message: optionalTextField(record, 'status_message'),
        profile_image_url: optionalTextField(record, 'profile_image_url'),
        active: (record.value['status'] ?? 'active') === 'active',
      },
    })
  }

  return {
    UserRegistered: profile,
    UserProfileUpdated: profile,
    UserStatusChanged: profile,
    async UserClosureRequested(record) {
      const event = base(record)
      const reply = { user_id: event.user_id, saga_id: textField(record, 'saga_id'), service: 'friend-service' }
      await people.prepareClosure({ ...event, reply: UserClosurePrepared.make(reply, context()) })
      ports.notify()
    },
    UserClosureCancelled: (record) => people.cancelClosure(base(record)),
    async UserClosed(record) {
      const event = base(record)
      await people.erase({
        ...event,
        events: (friendIds) =>
          friendIds.map((friend) => FriendRemoved.make({ user_id: event.user_id, friend_user_id: friend }, context())),
      })
      ports.notify()
    },
  }
}
