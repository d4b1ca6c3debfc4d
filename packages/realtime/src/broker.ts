/**
 * Carries serialised frames from the node that made them to every node with interested connections
 * (memory in one process, Redis Pub/Sub between many). Channels: `contract.ts`. Every adapter passes `broker.contract.ts`.
 *
 * Delivery is at most once, in order per channel and publisher; a publish never waits for a receiver and never throws.
 * What is lost here is found again by the client's rule (docs/realtime.md): the store does not lose.
 */
export interface Broker {
  publish(channel: string, frame: string): void
  /**
   * @param listener must not throw
   * @param onGap frames of the channel may have been lost, and from now on they arrive again. A loss that the adapter cannot see
   *   (some cannot see all) is not told: nothing may rest on a frame having arrived, or on a gap having been told
   */
  subscribe(channel: string, listener: (frame: string) => void, onGap?: () => void): BrokerSubscription
}

export type BrokerSubscription = Readonly<{
  /**
   * Resolves when every frame that is published from now on arrives: what was read from a store after that misses nothing. While the
   * broker cannot be reached it waits; it never rejects, and resolves when the subscription is stopped.
   */
  effective: Promise<void>
  stop(): void
}>
