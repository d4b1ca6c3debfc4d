export type Stops = ReturnType<typeof createStops>

/** What was started, to be ended one after the other, the last first. */
export function createStops() {
  const stops: Readonly<{ what: string; end: () => Promise<void> }>[] = []
  let ending: string | undefined
  return {
    add: (what: string, end: () => Promise<void>): void => void stops.push({ what, end }),
    /** What is waited for just now: when an end takes too long, the log says what for. */
    ending: (): string | undefined => ending,
    close: async (): Promise<void> => {
      for (const { what, end } of stops.splice(0).reverse()) {
        ending = what
        await end()
      }
      ending = undefined
    },
  }
}
