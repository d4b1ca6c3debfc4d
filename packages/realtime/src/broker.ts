/**
 * Carries serialised frames from the node that made them to every node with interested connections
 * (memory in one process, Redis Pub/Sub between many). Channels: `room:{id}`, `user:{id}`, `session:{id}`.
 *
 * Delivery is at most once, in order per channel and publisher; a publish never waits for a receiver and never throws.
 * What is lost here is found again by the client's rule (docs/realtime.md): the store does not lose.
 */
export interface Broker {
  publish(channel: string, frame: string): void
  /** The listener must not throw. Returns the way to stop. */
  subscribe(channel: string, listener: (frame: string) => void): () => void
}
