export type Stops = ReturnType<typeof createStops>

export type Ending = Readonly<{
  /** What is waited for just now; not there when nothing is. */
  waiting_for?: string
  /** How long what was ended took, ms, where it took any time worth telling. */
  took: Readonly<Record<string, number>>
}>

const WORTH_TELLING_MS = 50

/** What was started, to be ended one after the other, the last first. */
export function createStops() {
  const stops: Readonly<{ what: string; end: () => Promise<void> }>[] = []
  const took: Record<string, number> = {}
  let ending: string | undefined
  return {
    add: (what: string, end: () => Promise<void>): void => void stops.push({ what, end }),
    /** When an end takes too long, the log says what is waited for. */
    ending: (): Ending => ({ ...(ending === undefined ? {} : { waiting_for: ending }), took }),
    close: async (): Promise<void> => {
      for (const { what, end } of stops.splice(0).reverse()) {
        ending = what
        const began = performance.now()
        await end()
        const ms = Math.round(performance.now() - began)
        if (ms >= WORTH_TELLING_MS) took[what] = ms
      }
      ending = undefined
    },
  }
}
