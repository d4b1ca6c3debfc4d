import { unavailable, type RedisLink } from '@bigtech/redis'
import type { IdempotencyStore, StoredAnswer } from './idempotency.ts'

const KEPT_MS = 24 * 3_600_000
/** A request that died (kill -9) before its answer was stored may be tried again after this. */
const ABANDONED_MS = 60_000

/** Finds, judges and begins in one step. An old entry gives way to the new one. */
const BEGIN = `
local fingerprint, status, body, began = unpack(redis.call('HMGET', KEYS[1], 'fingerprint', 'status', 'body', 'created_at'))
if fingerprint then
  local age = tonumber(ARGV[2]) - tonumber(began)
  if age < tonumber(ARGV[3]) and (status or age < tonumber(ARGV[4])) then
    if fingerprint ~= ARGV[1] then return {'mismatch'} end
    if not status then return {'pending'} end
    return {'done', status, body}
  end
  redis.call('DEL', KEYS[1])
end
redis.call('HSET', KEYS[1], 'fingerprint', ARGV[1], 'created_at', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return {'new'}`
/** Only of what was begun: it keeps its time to live. */
const FINISH = `
if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('HSET', KEYS[1], 'status', ARGV[1], 'body', ARGV[2]) end`

type Begun = ['new'] | ['pending'] | ['mismatch'] | ['done', status: string, body: string]

/**
 * Answers in Redis, for processes that share no SQL database. They are lost with it: a request that is repeated after that takes effect
 * again, unless what it asks for knows by itself that it was done (as sending a message does, by its `client_message_id`).
 * While Redis is away a request with a key is refused before it has an effect.
 * @param service whose answers they are @throws REDIS_UNAVAILABLE (of all calls)
 */
export function createRedisIdempotencyStore({ client, prefix }: RedisLink, service: string): IdempotencyStore {
  // A scope has no space.
  const nameOf = (entry: Entry): string => `${prefix}idempotency:${service}:${entry.scope} ${entry.key}`
  const guarded = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw unavailable(error)
    })
  return {
    async begin({ fingerprint, now, ...entry }) {
      const times = [now, KEPT_MS, ABANDONED_MS]
      const [state, status, body] = (await guarded(
        client.eval(BEGIN, 1, nameOf(entry), fingerprint, ...times),
      )) as Begun
      if (state !== 'done') return { state }
      return { state, answer: { status: Number(status), body } }
    },
    async finish({ answer, ...entry }: Entry & { answer: StoredAnswer }) {
      await guarded(client.eval(FINISH, 1, nameOf(entry), answer.status, answer.body))
    },
    async abandon(entry) {
      await guarded(client.del(nameOf(entry)))
    },
  }
}

type Entry = Readonly<{ scope: string; key: string }>
