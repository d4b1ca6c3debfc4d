import type { Clock } from '@bigtech/kernel'
import type { EventHandler, StoredRecord } from '@bigtech/messaging'
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
    event_id: record.value.event_id,
    now: clock.now(),
    user_id: integer(record, 'user_id'),
  })
  const context = () => ({ clock, traceparent: currentTraceparent() })

  const profile: EventHandler = (record) => {
    const { user_id, ...event } = base(record)
    return people.applyProfile({
      ...event,
      profile: {
        user_id,
        username: text(record, 'username'),
        display_name: text(record, 'display_name'),
        status_message: optionalText(record, 'status_message'),
        profile_image_url: optionalText(record, 'profile_image_url'),
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
      const reply = { user_id: event.user_id, saga_id: text(record, 'saga_id'), service: 'friend-service' }
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

function integer(record: StoredRecord, field: string): number {
  const value = record.value[field]
  if (!Number.isSafeInteger(value)) throw new TypeError(`${record.value.event_type}.${field} must be an integer`)
  return value as number
}

function text(record: StoredRecord, field: string): string {
  const value = record.value[field]
  if (typeof value !== 'string') throw new TypeError(`${record.value.event_type}.${field} must be a string`)
  return value
}

const optionalText = (record: StoredRecord, field: string): string | null =>
  record.value[field] === null || record.value[field] === undefined ? null : text(record, field)
