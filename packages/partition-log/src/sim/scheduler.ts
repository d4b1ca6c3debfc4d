type Event = { readonly t: number; readonly k: number; readonly run: () => void }

/** Virtual time, in milliseconds: events in the order of their time, those of one time as they were added. */
export class Scheduler {
  now = 0
  #count = 0
  /** A binary heap. */
  readonly #events: Event[] = []

  at(t: number, run: () => void): void {
    const events = this.#events
    const event = { t: Math.max(t, this.now), k: this.#count++, run }
    let i = events.length
    events.push(event)
    while (i > 0) {
      const above = (i - 1) >> 1
      if (!isBefore(event, events[above]!)) break
      events[i] = events[above]!
      i = above
    }
    events[i] = event
  }

  /** Runs the next event. What it resolves runs when the caller lets microtasks run. */
  step(): boolean {
    const events = this.#events
    const first = events[0]
    if (!first) return false
    const last = events.pop()!
    const { length } = events
    if (length > 0) {
      let i = 0
      for (;;) {
        let below = 2 * i + 1
        if (below >= length) break
        if (below + 1 < length && isBefore(events[below + 1]!, events[below]!)) below++
        if (!isBefore(events[below]!, last)) break
        events[i] = events[below]!
        i = below
      }
      events[i] = last
    }
    this.now = first.t
    first.run()
    return true
  }
}

const isBefore = (a: Event, b: Event): boolean => a.t < b.t || (a.t === b.t && a.k < b.k)
