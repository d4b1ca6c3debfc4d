import type { Clock } from '@bigtech/kernel'
import { integerField, type EventHandler } from '@bigtech/messaging'
import type { LinkStore } from '../../link-ports.ts'

/** Who are no friends any more look after each other no more; from the events of friend-service. */
export function endLinksHandlers(
  ports: Readonly<{ links: LinkStore; clock: Clock; notify(): void }>,
): Record<string, EventHandler> {
  const end =
    (field: string): EventHandler =>
    async (record) => {
      const [by, other] = [integerField(record, 'user_id'), integerField(record, field)]
      const { event_id, timestamp } = record.value
      await ports.links.endBetween({ event_id, at: Date.parse(timestamp), now: ports.clock.now(), by, other })
      ports.notify()
    }
  return { FriendRemoved: end('friend_user_id'), UserBlocked: end('blocked_user_id') }
}
