export type Stops = ReturnType<typeof createStops>

export type Ending = Readonly<{
  waiting_for: string
  /** How long those before it took, ms, that took any time worth telling. */
  after: Readonly<Record<string, number>>
}>

const WORTH_TELLING_MS = 50

/** What was started, to be ended one after the other, the last first. */
export function createStops() {
  const stops: Readonly<{ what: string; end: () => Promise<void> }>[] = []
  const after: Record<string, number> = {}
  let ending: string | undefined
  return {
    add: (what: string, end: () => Promise<void>): void => void stops.push({ what, end }),
    /** What is waited for just now: when an end takes too long, the log says what for. */
    ending: (): Ending | undefined => (ending === undefined ? undefined : { waiting_for: ending, after }),
    close: async (): Promise<void> => {
      for (const { what, end } of stops.splice(0).reverse()) {
        ending = what
        const began = performance.now()
        await end()
        const ms = Math.round(performance.now() - began)
        if (ms >= WORTH_TELLING_MS) after[what] = ms
      }
      ending = undefined
    },
  }
}
