import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock } from '@bigtech/kernel'
import {
  integerField,
  occasionOf,
  optionalTextField,
  textField,
  type EventHandler,
  type StoredRecord,
} from '@bigtech/messaging'
import type { Broker } from '@bigtech/realtime'
import { currentTraceparent, type Logger } from '@bigtech/telemetry'
import type { ClosureStore, Memberships, PeopleReadModel, Profile } from '../../ports.ts'
import { publishPerson } from '../../views/frames.ts'

/** Rooms: one's own streams hear of all of them, and must get rid of that. */
const TOLD_AT_ONCE = 100

/**
 * Keeps chat-service's own picture of people: profiles and closures from `user.events`, blocks from `friend.events`.
 * Fields that are missing or of another type leave the record to the dead-letter queue.
 */
export function syncPeopleHandlers(ports: {
  people: PeopleReadModel
  closures: ClosureStore
  rooms: Pick<Memberships, 'roomIdsOf'>
  broker: Broker
  clock: Clock
  logger: Logger
}): Record<string, EventHandler> {
  const { people, closures, rooms, broker, clock, logger } = ports
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
  const known = async (user_id: number) => (await people.profiles([user_id])).get(user_id)

  /** Open clients show the new name at once. Whoever is not told of it has it with the next load: the event is not kept up for that. */
  const changed: EventHandler = async (record) => {
    const user_id = integerField(record, 'user_id')
    const before = await known(user_id)
    await profile(record)
    const after = await known(user_id)
    if (!after || (before && looksAlike(before, after))) return
    try {
      for (const [i, { room_id }] of (await rooms.roomIdsOf(user_id)).entries()) {
        publishPerson(broker, room_id, after, before?.display_name ?? null)
        if (i % TOLD_AT_ONCE === TOLD_AT_ONCE - 1) await nextTurn()
      }
    } catch (error) {
      logger.warn({ err: error, user_id }, 'open clients are not told of a changed profile')
    }
  }
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
    UserProfileUpdated: changed,
    UserStatusChanged: profile,
    UserBlocked: block(true),
    UserUnblocked: block(false),
    UserClosureRequested: (record) => closures.prepare(closure(record)),
    UserClosureCancelled: (record) => closures.cancel(closure(record)),
    UserClosed: (record) => closures.erase(closure(record)),
  }
}

const looksAlike = (one: Profile, other: Profile): boolean =>
  one.username === other.username &&
  one.display_name === other.display_name &&
  one.profile_image_url === other.profile_image_url
