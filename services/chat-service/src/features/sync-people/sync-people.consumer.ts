import type { Clock } from '@bigtech/kernel'
import type { EventHandler, StoredRecord } from '@bigtech/messaging'
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
  const base = (record: StoredRecord) => ({ event_id: record.value.event_id, now: clock.now() })

  const profile: EventHandler = (record) =>
    people.applyProfile({
      ...base(record),
      user_id: integer(record, 'user_id'),
      profile: {
        username: text(record, 'username'),
        display_name: text(record, 'display_name'),
        profile_image_url: optionalText(record, 'profile_image_url'),
        active: (record.value['status'] ?? 'active') === 'active',
      },
    })
  const block =
    (blocked: boolean): EventHandler =>
    (record) =>
      people.applyBlock({
        ...base(record),
        user_id: integer(record, 'user_id'),
        blocked_user_id: integer(record, 'blocked_user_id'),
        blocked,
      })
  const closure = (record: StoredRecord) => ({
    ...base(record),
    user_id: integer(record, 'user_id'),
    saga_id: text(record, 'saga_id'),
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
