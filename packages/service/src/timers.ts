import { type Clock, newId, systemClock } from '@bigtech/kernel'
import type { Logger } from '@bigtech/telemetry'
import type { Leases } from './leases.ts'

export type Timers = {
  /**
   * Runs `work` every `ms`, never twice at the same time; a failure is logged and the next turn comes.
   * @param where `once`: in one of all processes of the service at a time; default: in each of them
   */
  every(ms: number, name: string, work: () => Promise<unknown>, where?: 'once'): void
  /** Stops all, waits for what runs, and leaves what only one process does to the others. */
  close(): Promise<void>
}

/** A process that died leaves its work to the others after so many turns that it missed. */
const LEASED_TURNS = 3
/** Least time of a lease, ms: a short turn must not be taken over because of a short pause. */
const LEAST_LEASE_MS = 10_000

/** @param options.leases default: there is one process */
export function createTimers(
  logger: Logger,
  { leases, owner = newId(), clock = systemClock }: { leases?: Leases; owner?: string; clock?: Clock } = {},
): Timers {
  const handles: NodeJS.Timeout[] = []
  const running = new Set<Promise<void>>()
  const leased = new Set<string>()

  const mayRun = async (name: string, ms: number): Promise<boolean> => {
    if (!leases) return true
    const ttlMs = Math.max(LEASED_TURNS * ms, LEAST_LEASE_MS)
    const mine = await leases.hold({ name: `timer:${name}`, owner, ttlMs, now: clock.now() })
    if (mine) leased.add(name)
    else leased.delete(name)
    return mine
  }

  return {
    every(ms, name, work, where) {
      let busy = false
      const turn = async () => {
        busy = true
        try {
          if (where !== 'once' || (await mayRun(name, ms))) await work()
        } catch (error) {
          logger.error({ err: error, timer: name }, 'a periodic task failed')
        } finally {
          busy = false
        }
      }
      const handle = setInterval(() => {
        if (busy) return
        const run = turn()
        running.add(run)
        void run.then(() => running.delete(run))
      }, ms)
      handle.unref()
      handles.push(handle)
    },
    async close() {
      for (const handle of handles.splice(0)) clearInterval(handle)
      await Promise.all(running)
      for (const name of leased)
        await leases
          ?.release({ name: `timer:${name}`, owner })
          .catch((error: unknown) => logger.warn({ err: error, timer: name }, 'a lease was left to expire'))
      leased.clear()
    },
  }
}
