import { FREE_PORTS } from '@bigtech/server/settings'
import { tempDir } from '@bigtech/testkit'
import { distributedEnv, startDistributed } from '../../tests/support/distributed-server.ts'
import { openKafkaWatch } from './kafka.ts'
import { openRedisWatch } from './redis.ts'
import { openMysqlWatch } from './sql.ts'

/** The consumer groups that read each topic that something is written to. */
export const READERS: Readonly<Record<string, readonly string[]>> = {
  'user.events': [
    'ai-service',
    'analytics-service',
    'chat-service',
    'friend-service',
    'notification-service',
    'user-service',
  ],
  'user.online_status': ['analytics-service'],
}

/** All roles on the engines that the environment names, and somebody who looks at each of the engines; nothing of it stays after `close`. */
export async function startInstallation() {
  const stops: (() => unknown)[] = []
  const close = async () => {
    for (const stop of stops.splice(0).toReversed()) await stop()
  }
  try {
    return { ...(await start(stops)), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function start(stops: (() => unknown)[]) {
  const t = { after: (stop: () => unknown) => void stops.push(stop) }
  const env: Record<string, string> = {
    ...distributedEnv(),
    DATA_DIR: tempDir(t),
    LOG_LEVEL: 'error',
    DEMO_DATA: 'false',
    ...FREE_PORTS,
  }
  const name = env['INSTALLATION']!
  const { urls } = await startDistributed(t, env)
  const databaseOf = (service: string) => `bigtech_${name}_${service}`

  const databases = [
    'user_service',
    'user_ids',
    'friend_service',
    'chat_service',
    'notification_service',
    'idempotency',
  ].map(databaseOf)
  const mysql = await openMysqlWatch(env['MYSQL_URL']!, databases)
  t.after(() => mysql.close())
  const redis = await openRedisWatch(env['REDIS_URL']!, `${name}:`)
  t.after(async () => {
    await redis.removeAll()
    redis.close()
  })
  const kafka = await openKafkaWatch(env['KAFKA_BROKERS']!.split(','), `${name}.`)
  t.after(() => kafka.close())
  return { name, gateway: urls.gateway, databaseOf, mysql, redis, kafka }
}

export type Installation = Awaited<ReturnType<typeof start>>
