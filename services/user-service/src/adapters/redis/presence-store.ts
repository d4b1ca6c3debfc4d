import { unavailable, type RedisLink } from '@bigtech/redis'
import type { PresenceStore } from '../../ports.ts'

/** One sorted set would be on one node of a cluster; each is small enough to be swept in a moment. */
const SHARDS = 16
/** Taken in one step of a sweep, so that Redis does nothing else for at most about a millisecond. */
const TAKEN_AT_ONCE = 500

// Scores are when a user's time is up, in ms of the clock of Redis: those of the processes may differ. ARGV[1] stands for it in tests.
const NOW = `local now = tonumber(ARGV[1])
if now == nil then local t = redis.call('TIME'); now = t[1] * 1000 + math.floor(t[2] / 1000) end
`
/** An expired entry that nobody has taken never went offline for anybody: no transition. */
const BEAT = `${NOW}
local was = redis.call('ZSCORE', KEYS[1], ARGV[2])
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[3]), ARGV[2])
return was and 0 or 1`
const TAKE = `${NOW}
local gone = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, tonumber(ARGV[2]))
if #gone > 0 then redis.call('ZREM', KEYS[1], unpack(gone)) end
return gone`
const ONLINE = `${NOW}
local online = {}
for i = 2, #ARGV do
  local till = redis.call('ZSCORE', KEYS[1], ARGV[i])
  if till and tonumber(till) > now then online[#online + 1] = ARGV[i] end
end
return online`
const COUNT = `${NOW}
return redis.call('ZCOUNT', KEYS[1], '(' .. string.format('%.0f', now), '+inf')`

const shardOf = (userId: number): number => userId % SHARDS

/**
 * Presence that all processes share. Beside the sorted sets each user has `user:online:{id}` with the same time to live, for
 * whoever looks from outside. While Redis is away nobody knows who is online.
 * @param now instead of the clock of Redis, in tests
 * @throws REDIS_UNAVAILABLE (of all calls)
 */
export function createRedisPresenceStore({ client, prefix }: RedisLink, now?: () => number): PresenceStore {
  const setOf = (shard: number): string => `${prefix}presence:{${shard}}`
  const run = (script: string, shard: number, ...args: (string | number)[]): Promise<unknown> =>
    client.eval(script, 1, setOf(shard), now?.() ?? '', ...args)
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      throw unavailable(error)
    }
  }
  const outside = (userId: number) => `${prefix}user:online:${userId}`
  const shards = Array.from({ length: SHARDS }, (_, shard) => shard)

  return {
    beat: (userId, ttlMs) =>
      guarded(async () => {
        const [isNew] = await Promise.all([
          run(BEAT, shardOf(userId), userId, ttlMs),
          client.set(outside(userId), '1', 'PX', ttlMs),
        ])
        return isNew === 1
      }),
    remove: (userId) =>
      guarded(async () => {
        const [removed] = await Promise.all([client.zrem(setOf(shardOf(userId)), userId), client.del(outside(userId))])
        return removed === 1
      }),
    online: (userIds) =>
      guarded(async () => {
        const byShard = Map.groupBy(userIds, shardOf)
        const found = await Promise.all([...byShard].map(([shard, ids]) => run(ONLINE, shard, ...ids)))
        return new Set((found as string[][]).flat().map(Number))
      }),
    takeExpired: () =>
      guarded(async () => {
        const taken: number[] = []
        for (const shard of shards)
          for (;;) {
            const some = (await run(TAKE, shard, TAKEN_AT_ONCE)) as string[]
            taken.push(...some.map(Number))
            if (some.length < TAKEN_AT_ONCE) break
          }
        return taken
      }),
    count: () =>
      guarded(async () => {
        const counts = await Promise.all(shards.map((shard) => run(COUNT, shard)))
        return (counts as number[]).reduce((sum, each) => sum + each, 0)
      }),
  }
}
