import { Redis } from 'ioredis'
import type { KeyChange } from './watch.ts'

type Value = Readonly<{ value: string; ttlMs: number }>

/** @param prefix of the keys that are looked at */
export async function openRedisWatch(url: string, prefix: string) {
  const client = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 1 })
  await client.connect()
  let known = new Map<string, Value>()

  async function read(key: string): Promise<Value | undefined> {
    const [type, ttlMs] = await Promise.all([client.type(key), client.pttl(key)])
    if (type === 'string') return { value: (await client.get(key)) ?? '', ttlMs }
    if (type === 'zset') return { value: pairs(await client.zrange(key, '0', '-1', 'WITHSCORES')), ttlMs }
    return type === 'none' ? undefined : { value: `(${type})`, ttlMs }
  }
  async function keys(): Promise<string[]> {
    const found = new Set<string>()
    for await (const some of client.scanStream({ match: `${prefix}*`, count: 1_000 }))
      for (const key of some as string[]) found.add(key)
    return [...found].sort()
  }
  async function changes(): Promise<KeyChange[]> {
    const now = new Map<string, Value>()
    for (const key of await keys()) {
      const value = await read(key)
      if (value) now.set(key.slice(prefix.length), value)
    }
    const came = [...now]
      .filter(([key, { value }]) => known.get(key)?.value !== value)
      .map(([key, value]): KeyChange => ({ key, ...value }))
    const gone = [...known.keys()].filter((key) => !now.has(key)).map((key): KeyChange => ({ key, gone: true }))
    known = now
    return [...came, ...gone]
  }
  return {
    changes,
    async removeAll(): Promise<void> {
      const all = await keys()
      if (all.length > 0) await client.unlink(...all)
    },
    close: () => client.disconnect(),
  }
}

/** Members with their scores, as Redis tells them in turn. */
const pairs = (flat: readonly string[]): string =>
  Array.from({ length: flat.length / 2 }, (_, n) => `${flat[2 * n]} until ${flat[2 * n + 1]}`).join(', ')

export type RedisWatch = Awaited<ReturnType<typeof openRedisWatch>>
