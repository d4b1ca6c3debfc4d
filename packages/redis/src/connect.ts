import type { Cluster, Redis } from 'ioredis'
import { parseRedisUrl, type RedisPlace } from './url.ts'

export type RedisClient = Redis | Cluster

export type RedisLink = Readonly<{
  /** For commands. One that cannot be carried out at once fails, within COMMAND_MS at the latest: nothing waits for Redis to come back. */
  client: RedisClient
  /** Of keys and channels, empty or `{name}:`: installations that share a Redis are kept apart by it. Each adapter puts it first. */
  prefix: string
  /** On a cluster, channels live on the node of their slot (`SPUBLISH`, `SSUBSCRIBE`). */
  sharded: boolean
  /** A connection of one's own, for subscriptions. The caller ends it (`disconnect`). */
  newSubscriber(): Promise<RedisClient>
  /** @throws when Redis does not answer */
  check(): Promise<void>
  close(): Promise<void>
}>

const COMMAND_MS = 1_000
const CONNECT_MS = 2_000
/** Between tries to connect, at most: an engine that is back is used again within this time. */
const RETRY_MS = 1_000
/** How long a start waits for Redis before it goes on without. */
const START_MS = 3_000

const retry = (attempt: number): number => Math.min(50 * 2 ** attempt, RETRY_MS)

/**
 * Connects to Redis wherever it is (see parseRedisUrl), and again whenever the connection is lost. Resolves once connected, or
 * after 3 s without: nothing that is kept in Redis may be needed to start.
 * @param options.namespace name of this installation, if several share the Redis
 * @param options.onTrouble hears of lost connections, once for each
 * @throws a TypeError for an URL that is none
 */
export async function connectRedis(
  url: string,
  options: { namespace?: string | undefined; onTrouble?: (error: Error) => void } = {},
): Promise<RedisLink> {
  const place = parseRedisUrl(url)
  const { namespace, onTrouble = () => {} } = options
  const open = async (role: Role) => watch(await createClient(place, role), onTrouble)
  const client = await open('commands')
  await connected(client, START_MS)
  return {
    client,
    prefix: namespace ? `${namespace}:` : '',
    sharded: place.kind === 'cluster',
    newSubscriber: () => open('subscriber'),
    check: async () => void (await client.ping()),
    async close() {
      disconnect(client)
    },
  }
}

type Role = 'commands' | 'subscriber'

async function createClient(place: RedisPlace, role: Role): Promise<RedisClient> {
  const { Cluster, Redis } = await import('ioredis')
  const node = {
    connectTimeout: CONNECT_MS,
    ...(role === 'commands' ? { commandTimeout: COMMAND_MS } : {}),
    maxRetriesPerRequest: role === 'commands' ? 1 : null,
    // The one who subscribes does so anew itself, so that it knows from when on nothing is missed.
    autoResubscribe: false,
    enableOfflineQueue: role === 'subscriber',
    retryStrategy: retry,
  }
  if (place.kind === 'single') return new Redis(place.url, node)
  const { username, password } = place
  const access = { ...(username ? { username } : {}), ...(password ? { password } : {}) }
  if (place.kind === 'sentinel')
    return new Redis({
      ...node,
      ...access,
      sentinels: [...place.nodes],
      name: place.group,
      sentinelRetryStrategy: retry,
    })
  return new Cluster([...place.nodes], {
    redisOptions: { ...access, connectTimeout: CONNECT_MS, commandTimeout: COMMAND_MS },
    // Without it, commands to a node that is being connected to would go to others first and come back out of order.
    enableOfflineQueue: true,
    clusterRetryStrategy: retry,
    slotsRefreshTimeout: CONNECT_MS,
    // A command whose node is gone fails; sent again later it would come after those that followed it.
    retryDelayOnFailover: 0,
    maxRedirections: 5,
    shardedSubscribers: role === 'subscriber',
  })
}

/** Clients whose end is no trouble. */
const ended = new WeakSet<RedisClient>()

/** Ends a client for good. */
export function disconnect(client: RedisClient): void {
  ended.add(client)
  client.disconnect()
}

function watch(client: RedisClient, onTrouble: (error: Error) => void): RedisClient {
  let told = false
  const trouble = (error: Error) => {
    if (!told) onTrouble(error)
    told = true
  }
  client.on('error', trouble)
  client.on('ready', () => (told = false))
  client.on('close', () => {
    if (!ended.has(client)) trouble(new Error('the connection to Redis was lost'))
  })
  return client
}

const connected = (client: RedisClient, limitMs: number): Promise<void> =>
  new Promise((resolve) => {
    if (client.status === 'ready') return resolve()
    const timer = setTimeout(resolve, limitMs)
    client.once('ready', () => {
      clearTimeout(timer)
      resolve()
    })
  })
