import type { Broker } from './broker.ts'

const AT_ONCE = Promise.resolve()

/** The broker of a single process: synchronous hand-over, without gaps. */
export function createMemoryBroker(): Broker {
  const channels = new Map<string, Set<(frame: string) => void>>()
  return {
    publish(channel, frame) {
      for (const listener of channels.get(channel) ?? []) listener(frame)
    },
    subscribe(channel, listener) {
      const listeners = channels.get(channel) ?? new Set()
      channels.set(channel, listeners.add(listener))
      const stop = () => {
        listeners.delete(listener)
        if (listeners.size === 0 && channels.get(channel) === listeners) channels.delete(channel)
      }
      return { effective: AT_ONCE, stop }
    },
  }
}
