import { compareStates } from '../checker/final.ts'
import type { PoisonLedger } from '../checker/poison.ts'
import type { Recount } from '../checker/statistics.ts'
import type { Client } from '../clients/client.ts'
import { createBareClient } from '../clients/bare/client.ts'
import { createClientOfKind } from '../clients/kinds.ts'
import type { Recorder } from '../history/recorder.ts'
import type { Round } from '../history/types.ts'
import { createRandom } from '../random.ts'
import { poisonOf } from '../schedule/poison.ts'
import { userCount, userOfClient } from '../schedule/rooms.ts'
import type { RoundPlan } from '../schedule/schedule.ts'
import type { Disk } from '../world/disk.ts'
import { createNemesis, type Nemesis } from '../world/nemesis.ts'
import { startProxy } from '../world/proxy.ts'
import type { ServerHost } from '../world/server.ts'
import { converge, readCalm } from './calm.ts'
import { toldDevices, type Devices } from './devices.ts'
import { operate, type Operated } from './operate.ts'
import { setStage, urlsOf } from './setup.ts'

/** What all rounds of a run share. */
export type World = {
  seed: number
  clients: number
  /** seconds clients have to catch up */
  patience: number
  server: ServerHost
  disk: Disk
  recorder: Recorder
  recount: Recount
  poison: PoisonLedger
  devices: Devices
}

export type Played = Operated & {
  round: Round
  faults: Nemesis['counts']
  signIns: number
  connections: number
}

const PATIENCE_MS = 60_000

/** All is healed: nobody waits any longer than needed for the next try. @returns whether everything was answered */
async function hurried(clients: readonly Client[], work: Promise<unknown>): Promise<boolean> {
  const impatience = setInterval(() => clients.forEach((client) => client.hurry()), 250)
  const late = Promise.withResolvers<boolean>()
  const limit = setTimeout(() => late.resolve(false), PATIENCE_MS)
  try {
    return await Promise.race([work.then(() => true), late.promise])
  } finally {
    clearInterval(impatience)
    clearTimeout(limit)
  }
}

/** A partition of a process that was killed in the round before may be taken over only now. */
const SERVED_MS = 12_000

async function onceServed<T>(ask: () => Promise<T>): Promise<T> {
  const until = performance.now() + SERVED_MS
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (performance.now() > until || !(error as Error).message.startsWith('503: ')) throw error
    }
  }
}

/** People and rooms of their own, operations and faults at their times, then calm, and everything is read. */
export async function playRound(world: World, plan: RoundPlan): Promise<Played> {
  const { seed, server, recorder } = world
  const troubles: string[] = []
  const trouble = (text: string) => void troubles.push(text)
  const cleanups: (() => unknown)[] = []
  const t = { after: (cleanup: () => unknown) => void cleanups.push(cleanup) }
  const urls = urlsOf(`http://127.0.0.1:${server.ports.gateway}`)
  const stage = await onceServed(() =>
    setStage(urls, { number: plan.round, users: userCount(world.clients), rooms: plan.rooms }, world.devices),
  )
  const proxies = await Promise.all(
    Array.from({ length: world.clients + 1 }, () => startProxy(t, server.ports.gateway)),
  )
  try {
    const clients = proxies.slice(0, world.clients).map((proxy, index): Client => {
      const person = stage.people[userOfClient(index, world.clients)]!
      const random = createRandom(seed, 'client', plan.round, index)
      return createClientOfKind(index, {
        person,
        url: proxy.url,
        recorder,
        random: () => random.next(),
        fault: trouble,
      })
    })
    const chance = createRandom(seed, 'guest', plan.round)
    const guest = createBareClient({
      name: 'guest',
      person: { index: -1, username: '', ...stage.guest },
      transport: 'ws',
      url: `${proxies.at(-1)!.url}/api`,
      recorder,
      random: () => chance.next(),
      fault: trouble,
    })
    t.after(() => [...clients, guest].forEach((client) => client.close()))

    const before = await converge(stage, clients, world.patience * 1_000)
    for (const { what } of compareStates(before.views, before.states)) trouble(`before anything happened: ${what}`)
    const nemesis = createNemesis({
      ...world,
      proxies: () => proxies.slice(0, world.clients),
      everybody: () => proxies,
      broken: (n) =>
        poisonOf(`${plan.round}.${n}`, {
          room: stage.rooms[0]!.id,
          people: [stage.people[0]!.id, stage.people[1]!.id],
        }),
      trouble,
    })
    const start = performance.now()
    const faults = plan.faults.map(async (fault) => {
      await new Promise((resolve) => setTimeout(resolve, fault.at - (performance.now() - start)))
      await nemesis.strike(fault)
    })
    const operating = operate(plan.ops, { clients, guest, stage, metricsUrls: server.metricsUrls })
    await Promise.all(faults)
    if (!(await hurried([...clients, guest], operating.done)))
      trouble(`${recorder.giveUp()} operations were not answered ${PATIENCE_MS / 1_000} s after all was healed`)

    const entries = recorder.take()
    const asked = entries.find((entry) => entry.type === 'op' && entry.do === 'close_account')
    const closing = asked?.type === 'op' ? asked.outcome : 'not asked'
    const { goneFrom, ...calm } = await readCalm({ ...world, round: plan.round, stage, clients, closing })
    troubles.push(...server.deaths.splice(0))
    const users = stage.people.map(({ id }) => id)
    const round: Round = {
      number: plan.round,
      rooms: stage.rooms,
      profile: server.profile,
      users,
      entries: [...entries, ...recorder.take()],
      ...calm,
      troubles,
    }
    round.calm.told = await toldDevices(round, { devices: stage.devices, goneFrom }, world)
    const sum = (of: (client: Client) => number) => clients.reduce((total, client) => total + of(client), 0)
    return {
      ...operating.counts,
      round,
      faults: nemesis.counts,
      signIns: sum(({ counts }) => counts.signIns),
      connections: sum(({ counts }) => counts.connections),
    }
  } finally {
    for (const cleanup of cleanups.toReversed()) await cleanup()
    recorder.take()
  }
}
