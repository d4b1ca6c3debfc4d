import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import type { RoleProcess } from '../../tests/support/distributed-processes.ts'
import type { Processes } from '../load/period.ts'
import type { Account } from './accounts.ts'
import { startDistributedProduct } from './distributed.ts'
import { pidsAt } from './engines.ts'
import { call, json } from './http.ts'

const MOST_NODES = 3
/** As CHAT_PARTITIONS is by default. */
export const PARTITIONS = 10
/** A new process is given its partitions when it has been there for a lease of 9 s. */
const BALANCED_WITHIN_MS = 60_000
const REGISTERING = 20

export type Cluster = Readonly<{
  /** Where people register and sign in. */
  gateway: string
  /** The same people for all sides of all workloads. */
  people(count: number): Promise<readonly Account[]>
  /** Makes chat-service consist of exactly so many processes, each of which serves its part. @returns them */
  resize(nodes: number): Promise<readonly RoleProcess[]>
  /** What MySQL keeps of chat-service for a message, with the log, all indexes and terms to search by: the average of all so far. */
  storedBytesPerMessage(): Promise<number>
}>

type Open = Cluster & Readonly<{ stop(): Promise<void> }>

let cluster: Promise<Open> | undefined
let users = 0

/** One cluster for all sides of a workload: three idle ones would take a core from the one that is measured. */
export async function useCluster(): Promise<Cluster & Readonly<{ release(): Promise<void> }>> {
  users++
  const own = await (cluster ??= openCluster())
  return {
    ...own,
    async release() {
      if (--users > 0) return
      cluster = undefined
      await own.stop()
    },
  }
}

async function openCluster(): Promise<Open> {
  // People are not what is measured: their passwords are hashed cheaply.
  const INSTALLATION = `bench${randomBytes(6).toString('hex')}`
  const product = await startDistributedProduct({
    chats: MOST_NODES,
    env: { INSTALLATION, PASSWORD_HASH_MEMORY: '64KB' },
  })
  const chats = product.processes.filter(({ role }) => role === 'chat')
  const running = new Set(chats)
  const accounts: Account[] = []
  return {
    gateway: product.gateway,
    stop: product.stop,
    storedBytesPerMessage: () => storedBytesPerMessage(`bigtech_${INSTALLATION}_chat_service`),
    async people(count) {
      while (accounts.length < count) {
        const first = accounts.length
        const some = Array.from({ length: Math.min(REGISTERING, count - first) }, (_, i) => first + i)
        accounts.push(...(await Promise.all(some.map((n) => register(`${product.gateway}/api`, n)))))
      }
      return accounts.slice(0, count)
    },
    async resize(nodes) {
      for (const [i, chat] of chats.entries()) {
        if (i < nodes && !running.has(chat)) {
          await chat.start()
          running.add(chat)
        } else if (i >= nodes && running.delete(chat)) await chat.program().kill('SIGTERM')
      }
      const own = chats.slice(0, nodes)
      await balanced(own)
      return own
    },
  }
}

async function register(api: string, n: number): Promise<Account> {
  const person = { email: `bench${n}@example.com`, password: 'Bench1234!', username: `bench${n}` }
  const { id } = await json('POST', `${api}/auth/register`, undefined, person)
  const { access_token } = await json('POST', `${api}/auth/login/json`, undefined, person)
  return { id: Number(id), token: String(access_token) }
}

/** Which partitions a process writes. */
export async function ownedBy(chat: RoleProcess): Promise<readonly number[]> {
  const { body } = await call('GET', `${chat.url}/metrics`)
  return [...body.matchAll(/^partition_owned\{.*partition="(\d+)".*\} 1$/gm)].map(([, p]) => Number(p))
}

/** Resolves when each has partitions, all are written by somebody, and none has moved for two seconds. */
async function balanced(chats: readonly RoleProcess[]): Promise<void> {
  const until = performance.now() + BALANCED_WITHIN_MS
  let before = ''
  for (let same = 0; same < 4;) {
    if (performance.now() > until) throw new Error(`partitions are not served by all processes: ${before}`)
    await sleep(500)
    const owned = await Promise.all(chats.map(ownedBy))
    const isWhole = owned.flat().length === PARTITIONS && owned.every(({ length }) => length > 0)
    const now = JSON.stringify(owned)
    same = isWhole && now === before ? same + 1 : 0
    before = now
  }
}

/** What a round is charged to: the processes of chat-service, and the engines where they run on this machine. */
export function processesOf(chats: readonly number[]): Processes {
  const engines = {
    mysql: pidsAt(Number(new URL(process.env['MYSQL_URL']!).port || 3306)),
    redis: pidsAt(Number(new URL(process.env['REDIS_URL']!).port || 6379)),
    kafka: pidsAt(Number(process.env['KAFKA_BROKERS']!.split(',')[0]!.split(':')[1])),
  }
  return { chat: chats, ...engines }
}

async function storedBytesPerMessage(database: string): Promise<number> {
  const connection = await createConnection({ uri: process.env['MYSQL_URL']!, database })
  try {
    const [tables] = await connection.query<RowDataPacket[]>('SHOW TABLES')
    const names = tables.map((row) => String(Object.values(row)[0]))
    await connection.query(`ANALYZE TABLE ${names.map((name) => `\`${name}\``).join()}`)
    const [sizes] = await connection.query<RowDataPacket[]>(
      'SELECT SUM(data_length + index_length) AS bytes FROM information_schema.tables WHERE table_schema = ?',
      [database],
    )
    const [counts] = await connection.query<RowDataPacket[]>('SELECT COUNT(*) AS n FROM messages')
    return Number(sizes[0]!['bytes']) / Number(counts[0]!['n'])
  } finally {
    await connection.end()
  }
}
