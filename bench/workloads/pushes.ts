import { setTimeout as sleep } from 'node:timers/promises'
import { createAccounts, type Account } from '../harness/accounts.ts'
import { BESIDE_PAIRS, BESIDE_RATE, startBeside } from '../harness/beside.ts'
import { json } from '../harness/http.ts'
import { cpuSeconds, rssOf } from '../harness/processes.ts'
import { startProduct } from '../harness/product.ts'
import { portOf } from '../harness/sides.ts'
import { startWorker } from '../harness/worker.ts'
import type { Figures, Options, Running, Workload } from '../harness/workload.ts'
import { offer } from '../load/offer.ts'
import type { PushServiceCommands } from '../load/push-service.ts'
import type { StreamsCommands } from '../load/streams.ts'
import { createRoom } from './room.ts'

const MEMBERS = 1_000
const AWAY = 900
/** Messages a second in the room of a thousand: more than one in each of the times in which its members are told once. */
const ROOM_RATE = 5
const SUBSCRIBING = 20

/** A server with the room, those who are there connected, and small rooms beside; `withDevices`: who is away has a device. */
async function start(withDevices: boolean): Promise<Running> {
  let accounts: Account[] = []
  const product = await startProduct({
    env: { PUSH_TO_PRIVATE_NETWORKS: 'true' },
    prepare: async (folder) => {
      accounts = await createAccounts(folder, BESIDE_PAIRS * 2 + MEMBERS)
    },
  })
  const members = accounts.slice(BESIDE_PAIRS * 2)
  const present = members.slice(0, MEMBERS - AWAY)
  const away = members.slice(MEMBERS - AWAY)
  const room = await createRoom(product.urls.chat, members)
  const beside = await startBeside(product, accounts.slice(0, BESIDE_PAIRS * 2))
  const holder = startWorker<StreamsCommands>('streams.ts')
  const tokens = present.map(({ token }) => token)
  await holder.ask('open', { port: portOf(product.urls.chat), transport: 'ws', from: '127.0.0.2', tokens })
  const pushService = startWorker<PushServiceCommands>('push-service.ts')
  if (withDevices) {
    const { subscriptions } = await pushService.ask('subscribe', { devices: AWAY })
    const url = `${product.urls.notification}/notifications/subscriptions`
    for (let i = 0; i < AWAY; i += SUBSCRIBING)
      await Promise.all(
        away.slice(i, i + SUBSCRIBING).map(({ token }, j) => json('PUT', url, token, subscriptions[i + j])),
      )
  }
  const say = async () => {
    await json('POST', `${product.urls.chat}/messages/${room}`, present[0]!.token, { content: '천 명이 있는 방' })
  }

  async function measure({ seconds, warmUpSeconds }: Options): Promise<Figures> {
    await pushService.ask('begin', undefined)
    let figures: Figures = {}
    if (withDevices) {
      const asked = performance.now()
      await say()
      await pushService.ask('told', { devices: AWAY })
      figures = { all_told_s: (performance.now() - asked) / 1_000 }
    }
    let isSaying = true
    let refused = 0
    offer(ROOM_RATE, () => void say().catch(() => refused++), () => isSaying) // prettier-ignore
    await beside.ask('send', { rate: BESIDE_RATE })
    await sleep(warmUpSeconds * 1_000)
    await beside.ask('begin', undefined)
    await pushService.ask('begin', undefined)
    const cpu = cpuSeconds(product.pid)
    const began = performance.now()
    await sleep(seconds * 1_000)
    const elapsedS = (performance.now() - began) / 1_000
    const server = cpuSeconds(product.pid) - cpu
    const { pushes, connections } = await pushService.ask('state', undefined)
    const { p50_ms, p99_ms, ack_p50_ms, ack_p99_ms, max_ms, failed_sends } = await beside.ask('end', undefined)
    isSaying = false
    await beside.ask('send', { rate: 0 })
    if (failed_sends + refused > 0) throw new Error(`${failed_sends} sends failed beside, ${refused} in the room`)
    const { lost } = await holder.ask('state', undefined)
    if (lost > 0) throw new Error(`the server ended ${lost} connections`)
    return {
      p50_ms,
      p99_ms,
      max_ms,
      ack_p50_ms,
      ack_p99_ms,
      ...figures,
      ...(withDevices ? { pushes_per_s: pushes / elapsedS, connections } : {}),
      server_cpu_cores: server / elapsedS,
      server_rss_mib: rssOf(product.pid),
    }
  }

  return {
    measure,
    async stop() {
      for (const worker of [beside, holder, pushService]) await worker.stop()
      await product.stop()
    },
  }
}

export const workloads: readonly Workload[] = [
  {
    name: 'pushes',
    title: `${BESIDE_RATE} messages a second in small rooms beside a room of ${MEMBERS} where ${ROOM_RATE} are said: ${AWAY} are away, with devices that are told, or without any`,
    sides: [
      { name: 'told', start: () => start(true) },
      { name: 'no devices', start: () => start(false) },
    ],
    goals: ['p99_ms', 'ack_p99_ms'].map((figure) => ({ figure, of: 'no devices', atMost: 1.5 })),
  },
]
