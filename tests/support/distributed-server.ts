import { createPrivateKey, randomBytes } from 'node:crypto'
import { config } from '@bigtech/server/config'
import { startProcess, type Process } from '@bigtech/server/process'
import type { Role } from '@bigtech/server/roles'
import { createLogger } from '@bigtech/telemetry'
import type { Cleanup } from '@bigtech/testkit'
import { Kafka, logLevel } from 'kafkajs'
import { createConnection } from 'mysql2/promise'
import { ENGINES, noEngines } from './engines.ts'
import type { Urls } from './server.ts'

const BUCKET = 'bigtech-test'

/** Settings of a process of an installation of its own on the shared engines; `removeInstallation` in the end. */
export function distributedEnv(): Record<string, string> {
  const reason = noEngines()
  if (reason) throw new Error(reason)
  return {
    PROFILE: 'distributed',
    ...Object.fromEntries(ENGINES.map((name) => [name, process.env[name]!])),
    ...messageStore(),
    INSTALLATION: `t${randomBytes(6).toString('hex')}`,
    SERVICE_SECRET: randomBytes(32).toString('hex'),
    SIGNING_KEY_SECRET: randomBytes(32).toString('hex'),
    KAFKA_REPLICATION: '1',
    KAFKA_MIN_INSYNC_REPLICAS: '1',
    MYSQL_CONNECTIONS: '5',
    S3_BUCKET: BUCKET,
    ANALYTICS_COLLECT: '200ms',
  }
}

/** Where messages are: in MySQL, or with TEST_MESSAGE_STORE=mongodb in a MongoDB or in what stands in for it. */
function messageStore(): Record<string, string> {
  if (process.env['TEST_MESSAGE_STORE'] !== 'mongodb') return {}
  const url = process.env['MONGODB_URL'] ?? process.env['MONGO_WIRE_URL']
  if (!url) throw new Error('TEST_MESSAGE_STORE=mongodb needs MONGODB_URL, or npm run stack -- up mongo-wire')
  return { MESSAGE_STORE: 'mongodb', MONGODB_URL: url }
}

/**
 * All roles, each as if it were a process of its own, chat-service as two, which share the log: they share nothing but the engines and their
 * addresses.
 */
export async function startDistributed(t: Cleanup, env: Record<string, string>) {
  const addresses: Record<string, string> = {}
  const processes: Process[] = []
  const stop = async () => {
    for (const process of processes.splice(0).toReversed()) await process.close()
  }
  t.after(async () => {
    await stop()
    await removeInstallation(env['INSTALLATION']!)
  })
  const start = async (role: Role, number = 1): Promise<Process> => {
    const settings = config.parse({ ...env, ...addresses, ROLES: role, NODE_ID: `${role}-${number}` })
    const process = await startProcess(settings, createLogger({ level: settings.LOG_LEVEL }))
    processes.push(process)
    if (role !== 'gateway') {
      const add = (name: string, address: string) =>
        (addresses[name] = [...(number > 1 ? [addresses[name]!] : []), address].join())
      add(`${role.toUpperCase()}_SERVICE_URLS`, process.urls[role]!)
      add(`${role.toUpperCase()}_SERVICE_INTERNAL_URLS`, process.internalUrls[role]!)
    }
    return process
  }
  // Each after those that it asks.
  const user = await start('user')
  const chat = await start('chat')
  const chatProcesses = [chat, await start('chat', 2)] as const
  const chats = chatProcesses.map(({ urls }) => urls.chat!)
  const friend = await start('friend')
  const notification = await start('notification')
  const ai = await start('ai')
  const analytics = await start('analytics')
  const gateway = await start('gateway')
  const urls: Urls = {
    gateway: gateway.urls.gateway!,
    user: user.urls.user!,
    friend: friend.urls.friend!,
    chat: chat.urls.chat!,
    notification: notification.urls.notification!,
    ai: ai.urls.ai!,
    analytics: analytics.urls.analytics!,
  }
  const services = {
    user: user.profile.services.user!,
    friend: friend.profile.services.friend!,
    chat: chat.profile.services.chat!,
    notification: notification.profile.services.notification!,
    ai: ai.profile.services.ai!,
    analytics: analytics.profile.services.analytics!,
  }
  return {
    urls,
    chats,
    chatProcesses,
    /** Before the end of the test. */
    stop,
    server: { profile: { bus: user.profile.bus, services } },
    blobs: () => filesOf(env['INSTALLATION']!),
    privateKey: () => privateKeyOf(env),
  }
}

/** The bytes of every file of people that S3 keeps of an installation; the facts of the statistics are not theirs. */
async function filesOf(installation: string): Promise<Buffer[]> {
  const { GetObjectCommand, ListObjectsV2Command, S3Client } = await import('@aws-sdk/client-s3')
  const client = new S3Client({
    endpoint: process.env['S3_ENDPOINT']!,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: {
      accessKeyId: process.env['S3_ACCESS_KEY_ID']!,
      secretAccessKey: process.env['S3_SECRET_ACCESS_KEY']!,
    },
  })
  try {
    const folders = ['chat/', 'profile-images/'].map((kind) => `${installation}/${kind}`)
    const listed = await Promise.all(
      folders.map((Prefix) => client.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix }))),
    )
    return await Promise.all(
      listed
        .flatMap(({ Contents = [] }) => Contents)
        .map(async ({ Key }) => {
          const { Body } = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key }))
          return Buffer.from(await Body!.transformToByteArray())
        }),
    )
  } finally {
    client.destroy()
  }
}

/** As a process of user-service that has the secret reads it. */
async function privateKeyOf(env: Record<string, string>) {
  const { openMysqlUserDatabase } = await import('@bigtech/user-service/adapters')
  const database = `bigtech_${env['INSTALLATION']}_user_service`
  const users = await openMysqlUserDatabase({ url: process.env['MYSQL_URL']!, database, connections: 2 })
  try {
    return createPrivateKey((await users.signingKeys(env['SIGNING_KEY_SECRET']!)).current().privateKeyPem)
  } finally {
    await users.close()
  }
}

/** Its databases and topics. */
export async function removeInstallation(installation: string): Promise<void> {
  const connection = await createConnection({ uri: process.env['MYSQL_URL']! })
  const [rows] = await connection.query('SELECT schema_name AS name FROM information_schema.schemata')
  for (const { name } of rows as { name: string }[])
    if (name.startsWith(`bigtech_${installation}_`)) await connection.query(`DROP DATABASE \`${name}\``)
  await connection.end()
  const { MONGODB_URL: url } = messageStore()
  if (url) await dropMessages(url, `bigtech_${installation}_chat_service`)
  const brokers = process.env['KAFKA_BROKERS']!.split(',')
  const admin = new Kafka({ clientId: 'tests', brokers, logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  const topics = (await admin.listTopics()).filter((name) => name.startsWith(`${installation}.`))
  if (topics.length > 0) await admin.deleteTopics({ topics })
  await admin.disconnect()
}

async function dropMessages(url: string, database: string): Promise<void> {
  const { MongoClient } = await import('mongodb')
  const client = new MongoClient(url)
  await client.db(database).dropDatabase()
  await client.close()
}
