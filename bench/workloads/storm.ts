import { setTimeout as sleep } from 'node:timers/promises'
import { createAccounts, type Account } from '../harness/accounts.ts'
import { BESIDE_PAIRS, BESIDE_RATE, startBeside } from '../harness/beside.ts'
import { fillRooms } from '../harness/data.ts'
import { json } from '../harness/http.ts'
import { cpuSeconds, rssOf } from '../harness/processes.ts'
import { startProduct } from '../harness/product.ts'
import { portOf } from '../harness/sides.ts'
import type { Figures, Options, Running, Side, Workload } from '../harness/workload.ts'
import { startWorker } from '../harness/worker.ts'
import type { StreamsCommands } from '../load/streams.ts'

/** Many machines allow a process 20,000 open files; the server keeps 500 of them, and the relay beside has 200 connections. */
const LARGEST = 19_000
const SIZES = [1_000, 5_000, 10_000, LARGEST]
const HOLDERS = 2
/** Everybody is in one group of this many, where something is said while they are away. */
const GROUP = 100

/** Who comes back does so from another address: the ports of closed connections are taken for a minute. */
const addressOf = (holder: number, generation: 0 | 1): string => `127.0.${generation}.${holder + 2}`

/** The server with its connections and the relay beside. */
async function startCrowd(connections: number) {
  let accounts: Account[] = []
  let groups: number[] = []
  const product = await startProduct({
    prepare: async (folder) => {
      accounts = await createAccounts(folder, BESIDE_PAIRS * 2 + connections)
      const members = accounts.slice(BESIDE_PAIRS * 2).map(({ id }) => id)
      const plans = Array.from({ length: Math.ceil(connections / GROUP) }, (_, i) => ({
        members: members.slice(i * GROUP, (i + 1) * GROUP),
        messages: 10,
      }))
      groups = await fillRooms(folder, plans, { index: false })
    },
  })
  const idle = accounts.slice(BESIDE_PAIRS * 2)
  const beside = await startBeside(product, accounts.slice(0, BESIDE_PAIRS * 2))
  const holders = Array.from({ length: HOLDERS }, () => startWorker<StreamsCommands>('streams.ts'))
  const share = Math.ceil(connections / HOLDERS)
  const open = holders.map((holder, i) =>
    holder.ask('open', {
      port: portOf(product.urls.chat),
      transport: 'ws',
      from: addressOf(i, 0),
      tokens: idle.slice(i * share, (i + 1) * share).map(({ token }) => token),
    }),
  )
  await Promise.all(open)
  return {
    product,
    beside,
    holders,
    /** Says something in every group. */
    async tell(content: string) {
      for (const [i, room] of groups.entries())
        await json('POST', `${product.urls.chat}/messages/${room}`, idle[i * GROUP]!.token, { content })
    },
    async stop() {
      for (const worker of [beside, ...holders]) await worker.stop()
      await product.stop()
    },
  }
}

type Crowd = Awaited<ReturnType<typeof startCrowd>>

const MARKER = 'said meanwhile'

async function measureStorm(crowd: Crowd, jitter: boolean, { seconds, warmUpSeconds }: Options): Promise<Figures> {
  const { product, beside, holders } = crowd
  await beside.ask('send', { rate: BESIDE_RATE })
  await beside.ask('begin', undefined)
  await sleep(warmUpSeconds * 1_000)
  const calm = await beside.ask('end', undefined)
  await beside.ask('begin', undefined)
  await Promise.all(holders.map((holder) => holder.ask('cut', undefined)))
  await crowd.tell(MARKER)
  const cpu = cpuSeconds(product.pid)
  const order = { jitter, marker: MARKER }
  const back = await Promise.all(holders.map((holder, i) => holder.ask('back', { from: addressOf(i, 1), ...order })))
  const storm = await beside.ask('end', undefined)
  const server = cpuSeconds(product.pid) - cpu
  await sleep(seconds * 1_000)
  for (const { lost } of await Promise.all(holders.map((holder) => holder.ask('state', undefined))))
    if (lost > 0) throw new Error(`the server ended ${lost} connections that were back`)
  return {
    all_back_s: Math.max(...back.map((part) => part.seconds)),
    back_p50_ms: Math.max(...back.map((part) => part.p50_ms)),
    attempts: back.reduce((sum, part) => sum + part.attempts, 0),
    failed_sends: storm.failed_sends,
    relay_p50_ms: storm.p50_ms,
    relay_p99_ms: storm.p99_ms,
    relay_max_ms: storm.max_ms,
    relay_before_p99_ms: calm.p99_ms,
    server_cpu_s: server,
    server_rss_mib: rssOf(product.pid),
  }
}

/** A crowd of its own for each round, so that none of another side costs anything meanwhile. */
const startStorm = async (connections: number, jitter: boolean): Promise<Running> => ({
  async measure(options) {
    const crowd = await startCrowd(connections)
    try {
      return await measureStorm(crowd, jitter, options)
    } finally {
      await crowd.stop()
    }
  },
  stop: async () => {},
})

const variants = { jitter: true, 'at-once': false }

export const workloads: readonly Workload[] = SIZES.map((size): Workload => ({
  name: `storm-${size}`,
  title: `${size} WebSocket connections cut at once; all resume, beside 500 messages a second of others`,
  sides: Object.entries(variants).map(([name, jitter]): Side => ({ name, start: () => startStorm(size, jitter) })),
  goals:
    size < LARGEST
      ? []
      : Object.keys(variants).flatMap((side) => [
          { figure: 'all_back_s', side, atMost: 30 },
          { figure: 'failed_sends', side, atMost: 0 },
          { figure: 'relay_p99_ms', side, atMost: 250 },
        ]),
  // Before the storm 5 s of calm; after it a heartbeat, in which no connection may be lost again.
  options: { seconds: 16, warmUpSeconds: 5 },
}))
