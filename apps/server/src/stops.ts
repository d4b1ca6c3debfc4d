export type Stops = ReturnType<typeof createStops>

export type Ending = Readonly<{
  /** What is waited for just now; not there when nothing is. */
  waiting_for?: string
  /** How long what was ended took, ms, where it took any time worth telling. */
  took: Readonly<Record<string, number>>
}>

type Stop = Readonly<{ what: string; end: () => Promise<void> }>

const WORTH_TELLING_MS = 50

/** What was started, to be ended one after the other, the last first. */
export function createStops() {
  const stops: Stop[][] = []
  const took: Record<string, number> = {}
  const waiting = new Set<string>()

  async function endOne({ what, end }: Stop): Promise<void> {
    waiting.add(what)
    const began = performance.now()
    await end()
    const ms = Math.round(performance.now() - began)
    if (ms >= WORTH_TELLING_MS) took[what] = ms
    waiting.delete(what)
  }

  /** What is added to it does without each other, and ends at the same time. */
  function together() {
    const group: Stop[] = []
    stops.push(group)
    return { add: (what: string, end: Stop['end']): void => void group.push({ what, end }) }
  }

  return {
    together,
    add: (what: string, end: Stop['end']): void => together().add(what, end),
    /** When an end takes too long, the log says what is waited for. */
    ending: (): Ending => ({ ...(waiting.size === 0 ? {} : { waiting_for: [...waiting].join(', ') }), took }),
    /** @throws what the first threw that failed, once all that end with it have ended; nothing else is ended then */
    close: async (): Promise<void> => {
      for (const group of stops.splice(0).reverse()) {
        const ended = await Promise.allSettled(group.map(endOne))
        for (const one of ended) if (one.status === 'rejected') throw one.reason
      }
    },
  }
}
