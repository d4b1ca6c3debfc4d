import type { Clock } from '@bigtech/kernel'
import {
  integerField,
  occasionOf,
  optionalTextField,
  textField,
  type EventHandler,
  type StoredRecord,
} from '@bigtech/messaging'
import type { UserFrames } from '@bigtech/realtime'
import { currentTraceparent } from '@bigtech/telemetry'
import { FriendRemoved, UserClosurePrepared } from '../../contract/events.ts'
import type { Friendship, FriendStore, PeopleStore, Profile } from '../../ports.ts'

/** Friends told at a time. */
const PAGE = 500

/** Keeps friend-service's own picture of people from `user.events`, and takes part in account closure. */
export function syncPeopleHandlers(ports: {
  people: PeopleStore
  friends: Pick<FriendStore, 'friends'>
  frames: UserFrames
  clock: Clock
  notify(): void
}): Record<string, EventHandler> {
  const { people, friends, frames, clock } = ports
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

  const known = async (user_id: number) => (await people.profiles([user_id])).get(user_id)

  /** Open clients of friends, and one's own, show it at once. */
  const changed: EventHandler = async (record) => {
    const user_id = integerField(record, 'user_id')
    const before = await known(user_id)
    await profile(record)
    const after = await known(user_id)
    if (!after || (before && looksAlike(before, after))) return
    const { active: _active, ...shown } = after
    const frame = { type: 'person', ...shown }
    frames.toUser(user_id, frame)
    for (let last: Friendship | undefined; ;) {
      const page = await friends.friends({ user_id, before: last && [last.since, last.friend_id], limit: PAGE })
      for (const { friend_id } of page) frames.toUser(friend_id, frame)
      last = page.at(-1)
      if (page.length < PAGE) return
    }
  }

  return {
    UserRegistered: profile,
    UserProfileUpdated: changed,
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

const looksAlike = (one: Profile, other: Profile): boolean =>
  one.username === other.username &&
  one.display_name === other.display_name &&
  one.status_message === other.status_message &&
  one.profile_image_url === other.profile_image_url
