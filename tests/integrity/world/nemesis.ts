import { setTimeout as sleep } from 'node:timers/promises'
import type { Recorder } from '../history/recorder.ts'
import type { FaultName } from '../history/types.ts'
import type { PlannedFault } from '../schedule/faults.ts'
import type { Poison } from '../schedule/poison.ts'
import type { Disk } from './disk.ts'
import type { Proxy } from './proxy.ts'
import type { ServerHost, Way } from './server.ts'

const LARGEST_OFFSET_MS = 3_600_000
const REVIVAL_MS = 120_000
const REREAD = ['message', 'user', 'message', 'friend', 'message', 'chat'].map((name) => `${name}.events`)
/** Of the whole run, so that each topic has its turn. */
let rereads = 0

export type Nemesis = {
  /** Brings a fault about and takes it back when its time is over. @throws when the server does not start again */
  strike(fault: PlannedFault): Promise<void>
  /** Faults that were brought about, by kind. */
  readonly counts: Map<FaultName, number>
}

export function createNemesis(world: {
  server: ServerHost
  disk: Disk
  proxies: () => readonly Proxy[]
  /** Those of all there are. */
  everybody: () => readonly Proxy[]
  recorder: Recorder
  /** What cannot be handled, each time under other names. */
  broken: (n: number) => readonly Poison[]
  /** What no fault excuses. */
  trouble: (text: string) => void
}): Nemesis {
  const { server, disk, recorder, trouble } = world
  const counts = new Map<FaultName, number>()
  let server_lane: Promise<void> = Promise.resolve()

  /** A start may fail, on a full disk say; then it is tried again. */
  async function revive(): Promise<void> {
    const deadline = performance.now() + REVIVAL_MS
    for (;;) {
      try {
        return await server.start()
      } catch (error) {
        if (performance.now() > deadline) throw new Error('the server does not start again', { cause: error })
        await sleep(200)
      }
    }
  }

  /** @returns what to note at the end */
  const onServer: Partial<Record<FaultName, (fault: PlannedFault) => Promise<string | void>>> = {
    async kill({ lasts }) {
      await server.end('SIGKILL')
      await sleep(lasts)
      await revive()
    },
    async restart({ lasts }) {
      const asked = performance.now()
      const exit = await server.end('SIGTERM')
      const took = `after ${Math.round(performance.now() - asked)} ms`
      if (exit && exit.code !== 0) trouble(`the server ended with ${exit.signal ?? exit.code} ${took} on SIGTERM`)
      await sleep(lasts)
      await revive()
      return took
    },
    async pause({ lasts }) {
      server.pause()
      await sleep(lasts)
      server.resume()
    },
    async disk({ lasts, kills }) {
      disk.fill!()
      await sleep(lasts / 2)
      if (kills) await server.end('SIGKILL')
      await sleep(lasts / 2)
      disk.free()
      if (kills) await revive()
    },
    async restore() {
      // What is acknowledged after the moment of the backup is not in it: nobody is listened to.
      for (const proxy of world.everybody()) {
        proxy.shut = true
        proxy.cut()
      }
      const told = await server.restore!()
      await revive()
      for (const proxy of world.everybody()) proxy.shut = false
      return told
    },
    async reread() {
      const topic = REREAD[rereads++ % REREAD.length]!
      await server.rewind(topic)
      await revive()
      return topic
    },
    async poison() {
      await server.publish(world.broken(counts.get('poison') ?? 0))
    },
    async clock({ step }) {
      const next = server.clock() + step
      server.setClock(Math.abs(next) > LARGEST_OFFSET_MS ? server.clock() - step : next)
    },
  }

  for (const way of ['mysql', 'redis', 'nodes', 'kafka'] satisfies Way[])
    onServer[way] = async ({ lasts, kills }) => {
      const mend = server.cut!(way, kills ? 'silent' : 'reset')
      await sleep(lasts)
      mend()
    }

  onServer.zombie = onServer.pause!
  onServer.exile = onServer.mysql!

  const onNetwork: Partial<Record<FaultName, (proxy: Proxy, on: boolean) => void>> = {
    cut(proxy, on) {
      if (on) proxy.cut()
      proxy.refuse = on
    },
    halfopen: (proxy, on) => on && proxy.halfOpen(),
    blackhole: (proxy, on) => proxy.blackhole(on),
    freeze: (proxy, on) => proxy.freeze(on),
  }

  return {
    counts,
    async strike(planned) {
      const { fault, lasts, client } = planned
      if (fault === 'disk' && !disk.fill) return
      counts.set(fault, (counts.get(fault) ?? 0) + 1)
      const act = onServer[fault]
      if (act) {
        // A start takes its time: the next fault waits for it.
        server_lane = server_lane.then(async () => {
          const detail = { clock: `${planned.step} ms`, disk: planned.kills ? 'and killed' : '' }[fault as string] ?? ''
          recorder.fault(fault, 'begin', detail)
          recorder.fault(fault, 'end', (await act(planned)) ?? detail)
        })
        return server_lane
      }
      const targets = world.proxies().filter((_proxy, i) => client === null || i === client)
      const detail = client === null ? 'all clients' : `client ${client}`
      recorder.fault(fault, 'begin', detail)
      for (const proxy of targets) onNetwork[fault]!(proxy, true)
      await sleep(lasts)
      for (const proxy of targets) onNetwork[fault]!(proxy, false)
      recorder.fault(fault, 'end', detail)
    },
  }
}
