import { systemClock, type Clock } from '@bigtech/kernel'
import type { EventBus, EventRecord } from '@bigtech/messaging'
import type { Logger } from '@bigtech/telemetry'
import { UserOnlineStatusChanged } from '../../contract/events.ts'
import type { OnlineStatusPublisher } from '../../ports.ts'

const BATCH_MS = 100
/** Beyond this the oldest changes are dropped: presence is worth no memory without bound. */
const MAX_WAITING = 10_000

/** Gathers changes for 100 ms and publishes them together; what the bus does not take is lost, with a warning. */
export function createOnlineStatusPublisher(options: {
  bus: Pick<EventBus, 'publish'>
  logger: Logger
  clock?: Clock
}): OnlineStatusPublisher {
  const { bus, logger, clock = systemClock } = options
  let waiting: EventRecord[] = []
  let timer: NodeJS.Timeout | undefined
  let sending: Promise<void> = Promise.resolve()

  const send = () => {
    clearTimeout(timer)
    timer = undefined
    const batch = waiting
    waiting = []
    if (batch.length === 0) return
    sending = sending
      .then(() => bus.publish(batch))
      .catch((error: unknown) => logger.warn({ error, count: batch.length }, 'online status changes were lost'))
  }
  return {
    publish(changes) {
      for (const { user_id, online: is_online, last_seen_at } of changes)
        waiting.push(UserOnlineStatusChanged.make({ user_id, is_online, last_seen_at }, { clock }))
      if (waiting.length > MAX_WAITING) waiting.splice(0, waiting.length - MAX_WAITING)
      timer ??= setTimeout(send, BATCH_MS)
    },
    async close() {
      send()
      await sending
    },
  }
}
