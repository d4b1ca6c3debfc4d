import { after, suite, type TestContext } from 'node:test'
import { findEngine, startProxy, type Proxy } from '@bigtech/testkit'
import { connectRedis, type RedisLink } from './connect.ts'

const SETTINGS = { redis: 'REDIS_URL', 'redis-sentinel': 'REDIS_SENTINEL_URL', 'redis-cluster': 'REDIS_CLUSTER_URL' }

/** Connections for the tests of a file, closed at its end. */
export function redisLinks(): (url: string) => Promise<RedisLink> {
  const links: RedisLink[] = []
  after(() => Promise.all(links.map((link) => link.close())))
  return async (url) => {
    const link = await connectRedis(url)
    links.push(link)
    return link
  }
}

/** A suite for each of these servers; one that does not run is skipped with its reason. */
export function onRedis(
  servers: readonly (keyof typeof SETTINGS)[],
  define: (server: string, url: string) => void,
): void {
  for (const server of servers) {
    const { value: url, skip } = findEngine(SETTINGS[server], server)
    void suite(server, { skip }, () => {
      if (!skip) define(server, url)
    })
  }
}

/** One server, for tests of its absence. */
export const singleRedis = findEngine(SETTINGS.redis, 'redis')

/** An address of the one server whose connections can be cut, held back and mended. */
export async function redisBehindProxy(t: TestContext): Promise<{ proxy: Proxy; url: string }> {
  const proxy = await startProxy({ port: Number(new URL(singleRedis.value).port) })
  t.after(() => proxy.close())
  return { proxy, url: `redis://127.0.0.1:${proxy.port}` }
}
