import { isoTime, type Clock } from '@bigtech/kernel'
import type { UserFrames } from '@bigtech/realtime'
import type { Logger } from '@bigtech/telemetry'
import type { UserId } from '../../contract/ids.ts'
import type { OnlineChange, OnlineStatusPublisher, PresenceStore, UserStore } from '../../ports.ts'

export const PRESENCE_TTL_S = 60

export type TrackPresencePorts = Readonly<{
  store: Pick<UserStore, 'relations' | 'lastSeen' | 'transaction'>
  presence: PresenceStore
  onlineStatus: OnlineStatusPublisher
  frames: UserFrames
  clock: Clock
  logger: Logger
  presenceEnabled: boolean
}>

export type PresenceTracker = {
  /** A sign of life; the user counts as online for PRESENCE_TTL_S. */
  heartbeat(userId: UserId): Promise<{ online: boolean; expires_in: number }>
  /** The user leaves by themselves. */
  offline(userId: UserId): Promise<void>
  /** Takes those offline whose time is up; to be called every few seconds. */
  sweep(): Promise<void>
  /** Known times, the ones not written yet included; ms. */
  lastSeen(userIds: readonly UserId[]): Promise<Map<UserId, number>>
  /** Writes the last-seen times gathered since the last call (write-behind). */
  flush(): Promise<void>
}

export function createPresenceTracker(ports: TrackPresencePorts): PresenceTracker {
  const { store, presence, clock, logger, presenceEnabled } = ports
  /** Seen since the last flush. A crash loses at most one interval of it. */
  let unwritten = new Map<UserId, number>()
  let writing = new Map<UserId, number>()

  const lastSeen = async (userIds: readonly UserId[]) => {
    const times = new Map(await store.lastSeen.get(userIds))
    for (const id of userIds) {
      const recent = unwritten.get(id) ?? writing.get(id)
      if (recent !== undefined) times.set(id, recent)
    }
    return times
  }

  /** Only transitions come here. Best effort: a lost frame is repaired by the next GET /presence. */
  const announce = async (userIds: readonly UserId[], online: boolean) => {
    if (userIds.length === 0) return
    try {
      const times = await lastSeen(userIds)
      const changes: OnlineChange[] = userIds.map((user_id) => {
        const seen = times.get(user_id)
        return { user_id, online, last_seen_at: seen === undefined ? null : isoTime(seen) }
      })
      ports.onlineStatus.publish(changes)
      for (const change of changes) {
        for (const friend of await store.relations.friendsOf(change.user_id))
          ports.frames.toUser(friend, { type: 'presence', ...change })
      }
    } catch (error) {
      logger.warn({ err: error, count: userIds.length }, 'presence changes were not announced')
    }
  }

  return {
    lastSeen,
    async heartbeat(userId) {
      if (!presenceEnabled) return { online: false, expires_in: PRESENCE_TTL_S }
      unwritten.set(userId, clock.now())
      if (await presence.beat(userId, PRESENCE_TTL_S * 1000)) await announce([userId], true)
      return { online: true, expires_in: PRESENCE_TTL_S }
    },
    async offline(userId) {
      if (await presence.remove(userId)) {
        unwritten.set(userId, clock.now())
        await announce([userId], false)
      }
    },
    async sweep() {
      await announce(await presence.takeExpired(), false)
    },
    async flush() {
      if (unwritten.size === 0) return
      writing = unwritten
      unwritten = new Map()
      try {
        await store.transaction((tx) => tx.lastSeen.put(writing))
      } catch (error) {
        unwritten = new Map([...writing, ...unwritten])
        throw error
      } finally {
        writing = new Map()
      }
    },
  }
}
