import type { Broker } from './broker.ts'

/**
 * Listens to two brokers: one within this process, where it tells its own streams what it knows for itself, and one between all processes, on which
 * `publish` goes out and nothing rests. A subscription is effective at once, whether or not the other broker can be reached.
 */
export const createLayeredBroker = (local: Broker, shared: Broker): Broker => ({
  publish: (channel, frame) => shared.publish(channel, frame),
  subscribe(channel, listener, onGap) {
    const both = [local.subscribe(channel, listener), shared.subscribe(channel, listener, onGap)] as const
    return {
      effective: both[0].effective,
      stop() {
        for (const { stop } of both) stop()
      },
    }
  },
})
