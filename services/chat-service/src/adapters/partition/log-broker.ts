import { randomUUID } from 'node:crypto'
import type { Announcement, Broker, RoomFrame, Shape, Subscription } from '@bigtech/partition-log'
import { FEED_WAKE_CHANNEL, entriesChannel, feedChannel, type Broker as Frames } from '@bigtech/realtime'

/**
 * What owners tell of the log, over the broker of the processes. What this process tells, it hears at once and without the way there and back: it is
 * its owners' only listener in most installations, and goes on while that broker is away.
 */
export function createLogBroker<T extends Shape>(frames: Frames, partitions: number): Broker<T> {
  const own = `${randomUUID()} `
  const here = new Map<string, Set<(message: never) => void>>()

  const tell = (channel: string, message: object) => {
    for (const listener of here.get(channel) ?? []) listener(message as never)
    frames.publish(channel, own + JSON.stringify(message))
  }
  const on = (channel: string, listener: (message: never) => void): Subscription => {
    const listeners = here.get(channel) ?? new Set()
    here.set(channel, listeners.add(listener))
    const { effective, stop } = frames.subscribe(channel, (text) => {
      if (text.startsWith(own)) return
      listener(JSON.parse(text.slice(own.length)) as never)
    })
    return {
      effective,
      stop() {
        stop()
        listeners.delete(listener)
        if (listeners.size === 0 && here.get(channel) === listeners) here.delete(channel)
      },
    }
  }

  return {
    announce: (announcement) => tell(feedChannel(announcement.p), announcement),
    publish: (frame) => tell(entriesChannel(frame.room), frame),
    wake: () => tell(FEED_WAKE_CHANNEL, {}),
    onAnnouncement(listener: (announcement: Announcement<T>) => void) {
      const all = Array.from({ length: partitions }, (_, p) => on(feedChannel(p), listener))
      return {
        effective: Promise.all(all.map(({ effective }) => effective)).then(() => undefined),
        stop: () => all.forEach(({ stop }) => stop()),
      }
    },
    onFrame: (room, listener: (frame: RoomFrame<T>) => void) => on(entriesChannel(room), listener),
    onWake: (listener) => on(FEED_WAKE_CHANNEL, listener),
  }
}
