import { Redis } from 'ioredis'
import { writeFileSync } from 'node:fs'
import type { Server } from '../server.ts'
import { end, folder, launch, needPrograms, pidOf, place, port, run, waitUntil } from '../work.ts'

const SINGLE = port(26400)
const CLUSTER = [1, 2, 3].map((n) => SINGLE + n)
const REPLICATED = [11, 12, 13].map((n) => SINGLE + n)
const SENTINELS = [21, 22, 23].map((n) => SINGLE + n)
/** What three sentinels look after. */
const GROUP = 'bigtech'

const install = () => needPrograms(['redis-server', 'redis-cli'], ['redis-server', 'redis-tools'])

/** A connection for one question; nothing is tried again. */
async function ask<T>(at: number, question: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis({ host: '127.0.0.1', port: at, lazyConnect: true, retryStrategy: () => null })
  redis.on('error', () => {})
  try {
    await redis.connect()
    return await question(redis)
  } finally {
    redis.disconnect()
  }
}

const yes = (at: number, question: (redis: Redis) => Promise<boolean>) => ask(at, question).catch(() => false)

async function startNode(name: string, at: number, ...options: string[]): Promise<void> {
  if (pidOf(name) !== undefined) return
  const dir = folder('redis', name)
  // As it is deployed: what comes back from a disk is older than what others know, or (after a power cut) no file that it reads.
  const usual = ['--bind', '127.0.0.1', '--port', String(at), '--dir', dir, '--save', '', '--appendonly', 'no']
  await launch(name, [at], 'redis-server', [...usual, '--maxmemory', '256mb', ...options])
  await waitUntil(name, () => yes(at, async (redis) => (await redis.ping()) === 'PONG'))
}

const clusterNode = (at: number) => `redis-cluster-${at}`

export const redis: Server = {
  name: 'redis',
  title: 'Redis, one server',
  processes: ['redis'],
  settings: { REDIS_URL: `redis://127.0.0.1:${SINGLE}` },
  install,
  start: () => startNode('redis', SINGLE),
  stop: () => end('redis'),
}

export const redisCluster: Server = {
  name: 'redis-cluster',
  title: 'Redis, a cluster of three',
  processes: CLUSTER.map(clusterNode),
  settings: { REDIS_CLUSTER_URL: `redis+cluster://${CLUSTER.map((at) => `127.0.0.1:${at}`).join(',')}` },
  install,
  async start() {
    const options = [
      '--cluster-enabled',
      'yes',
      '--cluster-node-timeout',
      '2000',
      '--cluster-require-full-coverage',
      'no',
    ]
    for (const at of CLUSTER) await startNode(clusterNode(at), at, '--cluster-port', String(at + 100), ...options)
    const says = (at: number, pattern: RegExp) => yes(at, async (node) => pattern.test(await node.cluster('INFO')))
    if (await says(CLUSTER[0]!, /cluster_known_nodes:1\s/))
      run('redis-cli', [
        '--cluster',
        'create',
        ...CLUSTER.map((at) => `127.0.0.1:${at}`),
        '--cluster-replicas',
        '0',
        '--cluster-yes',
      ])
    for (const at of CLUSTER) await waitUntil(clusterNode(at), () => says(at, /cluster_state:ok/))
  },
  stop: async () => void (await Promise.all(CLUSTER.map((at) => end(clusterNode(at))))),
}

export const redisSentinel: Server = {
  name: 'redis-sentinel',
  title: 'Redis, a primary and two replicas under three sentinels',
  processes: [...REPLICATED, ...SENTINELS].map((at) => `redis-${at}`),
  settings: { REDIS_SENTINEL_URL: `redis+sentinel://${SENTINELS.map((at) => `127.0.0.1:${at}`).join(',')}/${GROUP}` },
  install,
  async start() {
    const [first, ...others] = REPLICATED
    await startNode(`redis-${first}`, first!)
    for (const at of others) await startNode(`redis-${at}`, at, '--replicaof', `127.0.0.1 ${first}`)
    for (const at of SENTINELS) {
      const name = `redis-${at}`
      if (pidOf(name) !== undefined) continue
      folder('redis', name)
      const file = place('redis', name, 'sentinel.conf')
      const lines = [
        `port ${at}`,
        'bind 127.0.0.1',
        `dir ${place('redis', name)}`,
        `sentinel monitor ${GROUP} 127.0.0.1 ${first} 2`,
        `sentinel down-after-milliseconds ${GROUP} 1000`,
        `sentinel failover-timeout ${GROUP} 5000`,
      ]
      writeFileSync(file, `${lines.join('\n')}\n`)
      await launch(name, [at], 'redis-server', [file, '--sentinel'])
    }
    for (const at of SENTINELS)
      await waitUntil(`redis-${at}`, () =>
        yes(at, async (node) => /slaves=2,sentinels=3/.test(await node.info('sentinel'))),
      )
  },
  stop: async () => void (await Promise.all([...SENTINELS, ...REPLICATED].map((at) => end(`redis-${at}`)))),
}
