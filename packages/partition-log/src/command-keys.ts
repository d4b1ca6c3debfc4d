import type { Entry, LogDocument, Shape } from './document.ts'

/** A client that repeats a request whose process was killed does so after a minute (see `asAttempt`). */
const KEPT_MS = 90_000

/**
 * Keys of commands that were carried out: all of documents that are not in the projections yet, and of the others those of the last 90 s, however many
 * they are; of those without which a late repeat does no harm, the latest.
 */
export class CommandKeys<T extends Shape> {
  readonly #unsettled = new Map<string, Entry<T>>()
  /** The longest ago first. */
  readonly #recent = new Map<string, Readonly<{ entry: Entry<T>; at: number }>>()
  readonly #monotonic: () => number
  readonly #latest = new Map<string, Entry<T>>()
  readonly #isNeeded: (first: Entry<T>) => boolean
  readonly #limit: number

  /**
   * @param isNeeded whether a repeat of the command that made this entry first, which is in the projections, can be told by its key alone
   * @param limit of those of which it does none without
   */
  constructor(monotonic: () => number, isNeeded: (first: Entry<T>) => boolean = () => true, limit = 20_000) {
    this.#monotonic = monotonic
    this.#isNeeded = isNeeded
    this.#limit = limit
  }

  get(key: string): Entry<T> | undefined {
    return this.#unsettled.get(key) ?? this.#recent.get(key)?.entry ?? this.#latest.get(key)
  }

  add(entry: Entry<T>): void {
    if (!this.#unsettled.has(entry.key)) this.#unsettled.set(entry.key, entry)
  }

  /** From now on the projections know them too. */
  settle(document: LogDocument<T>): void {
    const now = this.#monotonic()
    for (const { key } of document.entries) {
      const entry = this.#unsettled.get(key)
      if (!entry) continue
      this.#unsettled.delete(key)
      if (this.#isNeeded(entry)) this.#recent.set(key, { entry, at: now })
      else this.#latest.set(key, entry)
    }
    for (const [key, { at }] of this.#recent) {
      if (now - at <= KEPT_MS) break
      this.#recent.delete(key)
    }
    for (const key of this.#latest.keys()) {
      if (this.#latest.size <= this.#limit) break
      this.#latest.delete(key)
    }
  }
}
