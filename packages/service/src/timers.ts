import type { Logger } from '@bigtech/telemetry'

export type Timers = {
  /** Runs `work` every `ms`, never twice at the same time; a failure is logged and the next turn comes. */
  every(ms: number, name: string, work: () => Promise<unknown>): void
  /** Stops all and waits for what runs. */
  close(): Promise<void>
}

export function createTimers(logger: Logger): Timers {
  const handles: NodeJS.Timeout[] = []
  const running = new Set<Promise<void>>()
  return {
    every(ms, name, work) {
      let busy = false
      const turn = async () => {
        busy = true
        try {
          await work()
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
    },
  }
}
