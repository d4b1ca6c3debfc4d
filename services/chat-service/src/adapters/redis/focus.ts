import type { Clock } from '@bigtech/kernel'
import type { RedisLink } from '@bigtech/redis'
import type { FocusStore } from '../../ports.ts'

const LIFETIME_MS = 60_000

/**
 * Of all processes: a room's connections with the time at which each is forgotten, and a connection's room, so that whoever hears of the next one
 * takes it out of the first. While Redis is away nobody shows anything.
 * @param onTrouble hears why something was not kept or known
 */
export function createRedisFocus(
  { client, prefix }: RedisLink,
  clock: Clock,
  onTrouble: (error: unknown) => void,
): FocusStore {
  const keyOf = (roomId: number | string) => `${prefix}focus:room:${roomId}`

  return {
    async set({ user_id, connection_id }, roomId) {
      const member = `${user_id}/${connection_id}`
      const own = `${prefix}focus:of:${member}`
      try {
        const before =
          roomId === null ? await client.getdel(own) : await client.set(own, roomId, 'PX', LIFETIME_MS, 'GET')
        if (before !== null && before !== String(roomId)) await client.zrem(keyOf(before), member)
        if (roomId === null) return
        const now = clock.now()
        await client.zadd(keyOf(roomId), now + LIFETIME_MS, member)
        await client.zremrangebyscore(keyOf(roomId), '-inf', now)
        await client.pexpire(keyOf(roomId), LIFETIME_MS)
      } catch (error) {
        onTrouble(error)
      }
    },
    async focused(roomId) {
      try {
        const members = await client.zrangebyscore(keyOf(roomId), `(${clock.now()}`, '+inf')
        return new Set(members.map((member) => Number(member.slice(0, member.indexOf('/')))))
      } catch (error) {
        onTrouble(error)
        return new Set()
      }
    },
  }
}
