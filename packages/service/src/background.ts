import type { Logger } from '@bigtech/telemetry'

export type Background = Readonly<{
  /** Lets `work` go on after the answer; a failure is logged. */
  run(this: void, work: Promise<void>): void
  /** Resolves when what was running has ended. */
  idle(): Promise<void>
}>

/** Work that nobody waits for, but that must not be cut when the service stops. */
export function createBackground(logger: Logger): Background {
  const running = new Set<Promise<void>>()
  return {
    run(work) {
      const watched = work.catch((error: unknown) => logger.error({ err: error }, 'a background task failed'))
      running.add(watched)
      void watched.then(() => running.delete(watched))
    },
    idle: async () => void (await Promise.all(running)),
  }
}
