import type { Entry, LogDocument, Shape } from './document.ts'

/** Keys of commands that were carried out: all of documents that are not in the projections yet, and the latest of the others. */
export class CommandKeys<T extends Shape> {
  readonly #unsettled = new Map<string, Entry<T>>()
  readonly #recent = new Map<string, Entry<T>>()
  readonly #limit: number

  constructor(limit = 20_000) {
    this.#limit = limit
  }

  get(key: string): Entry<T> | undefined {
    return this.#unsettled.get(key) ?? this.#recent.get(key)
  }

  add(entry: Entry<T>): void {
    if (!this.#unsettled.has(entry.key)) this.#unsettled.set(entry.key, entry)
  }

  /** From now on the projections know them too. */
  settle(document: LogDocument<T>): void {
    for (const { key } of document.entries) {
      const entry = this.#unsettled.get(key)
      if (!entry) continue
      this.#unsettled.delete(key)
      this.#recent.set(key, entry)
    }
    for (const key of this.#recent.keys()) {
      if (this.#recent.size <= this.#limit) break
      this.#recent.delete(key)
    }
  }
}
