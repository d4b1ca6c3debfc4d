import type { Server } from '../server.ts'
import { ferretdb } from './ferretdb.ts'
import { kafka, kafkaCluster } from './kafka.ts'
import { mariadb, mariadbReplica } from './mariadb.ts'
import { mongoWire } from './mongo-wire.ts'
import { pebble } from './pebble.ts'
import { redis, redisCluster, redisSentinel } from './redis.ts'
import { s3 } from './s3.ts'

export const servers: readonly Server[] = [
  mariadb,
  mariadbReplica,
  redis,
  redisCluster,
  redisSentinel,
  kafka,
  kafkaCluster,
  s3,
  mongoWire,
  ferretdb,
  pebble,
]

/** What is started when no name is given. */
export const USUAL: readonly string[] = ['mariadb', 'redis', 'kafka', 's3']
