import type { Broker, BrokerSubscription } from './broker.ts'
import { frameEnvelope } from './envelope.ts'

/** What services and hubs agree on: the broker's channels and what travels on each. Envelopes: `envelope.ts`. */

/** Envelopes for the members of a room who are connected. */
export const roomChannel = (roomId: number): string => `room:${roomId}`
/** Envelopes for one user's connections. */
export const userChannel = (userId: number): string => `user:${userId}`
/** Entries of the partition log of a room, for the processes that have streams of its members. */
export const entriesChannel = (roomId: number): string => `entries:${roomId}`
/** Commits of a partition, for all processes of chat-service. */
export const feedChannel = (partition: number): string => `feed:${partition}`
/** A partition was left. */
export const FEED_WAKE_CHANNEL = 'feed'
/** `sessionRevoked` messages, for every process that checks access tokens or keeps streams. */
export const SESSIONS_CHANNEL = 'sessions'

export type RevokedSession = Readonly<{ session_id: string; user_id: number }>

export const sessionRevoked = ({ session_id, user_id }: RevokedSession): string =>
  JSON.stringify({ type: 'session_revoked', session_id, user_id })

/** Calls `listener` for each ended session; messages of other kinds are passed over. */
export function onSessionRevoked(
  broker: Broker,
  listener: (session: RevokedSession) => void,
  onGap?: () => void,
): BrokerSubscription {
  const hear = (text: string) => {
    const { type, session_id, user_id } = JSON.parse(text) as Partial<RevokedSession> & { type?: string }
    if (type === 'session_revoked' && session_id !== undefined && user_id !== undefined)
      listener({ session_id, user_id })
  }
  return broker.subscribe(SESSIONS_CHANNEL, hear, onGap)
}

/** Pushes frames to a user's open connections. Best effort: they are not stored and move no resume token. */
export type UserFrames = Readonly<{ toUser(userId: number, frame: object): void }>

export const createUserFrames = (broker: Broker): UserFrames => ({
  toUser: (userId, frame) => broker.publish(userChannel(userId), frameEnvelope(JSON.stringify(frame))),
})
